#!/bin/sh
# Tests of mvnw and find-java.sh on invented machines: .mvn/test/mvnw-test.sh (needs JAVA_HOME; `./mvnw test` sets it)
#
# Every case has a home, a PATH and JDKs of its own; the JDKs and the Maven are scripts that say what they were given.
# mvnw has to run in every POSIX shell: SHELLS="sh bash busybox" .mvn/test/mvnw-test.sh tries those that are here.
#
# shellcheck disable=SC2016 # the invented programs expand their own variables
set -eu

source_root=$(cd "$(dirname "$0")/../.." && pwd -P)
real_jar=${JAVA_HOME:?must name a JDK}/bin/jar
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
outer_path=$PATH
failures=0
cases=0

main() {
  make_maven_zip
  for shell in ${SHELLS:-sh}; do
    command -v "$shell" > /dev/null 2>&1 || continue
    shell_path=$(command -v "$shell")
    # The cases in the order of this file.
    while IFS= read -r name; do
      run_case "$name"
    done <<NAMES
$(sed -n 's/^\(it_[A-Za-z0-9_]*\)() {$/\1/p' "$source_root/.mvn/test/mvnw-test.sh")
NAMES
  done
  printf 'mvnw: %s cases, %s failures\n' "$cases" "$failures"
  [ "$cases" -gt 0 ] && [ "$failures" -eq 0 ]
}

# --- which JDK ---

it_uses_a_good_JAVA_HOME() {
  fake_curl
  jdk "$machine/mine" 26
  jdk "$machine/usr/lib/jvm/temurin-25" 25
  JAVA_HOME=$machine/mine run -v
  succeeds && stdout_has "java=$machine/mine" && stderr_lacks JAVA_HOME
}

it_passes_over_an_old_JAVA_HOME_and_says_so() {
  fake_curl
  jdk "$machine/old" 17
  jdk "$machine/usr/lib/jvm/temurin-25" 25
  JAVA_HOME=$machine/old run -v
  succeeds && stdout_has "java=$machine/usr/lib/jvm/temurin-25" && stderr_has "JAVA_HOME=$machine/old is JDK 17; using "
}

it_passes_over_a_JAVA_HOME_that_is_not_there() {
  fake_curl
  jdk "$machine/usr/lib/jvm/temurin-25" 25
  JAVA_HOME=$machine/nowhere run -v
  succeeds && stderr_has "JAVA_HOME=$machine/nowhere is not a JDK"
}

it_takes_the_first_good_java_of_path() {
  fake_curl
  jdk "$machine/old" 17
  jdk "$machine/new one" 25
  jdk "$machine/usr/lib/jvm/jdk-27" 27
  PATH=$machine/old/bin:$machine/new\ one/bin:$PATH run -v
  succeeds && stdout_has "java=$machine/new one"
}

it_follows_the_links_of_path_to_the_jdk() {
  fake_curl
  jdk "$machine/jdk" 25
  mkdir -p "$machine/alternatives"
  ln -s "$machine/jdk/bin/java" "$machine/alternatives/java"
  ln -s "$machine/alternatives/java" "$bin/java"
  run -v
  succeeds && stdout_has "java=$machine/jdk"
}

it_asks_a_launcher_script_for_its_jdk() {
  fake_curl
  jdk "$machine/managed" 25
  mkdir -p "$machine/shims"
  script "$machine/shims/java" "printf '    java.home = %s\n' '$machine/managed' >&2"
  PATH=$machine/shims:$PATH run -v
  succeeds && stdout_has "java=$machine/managed"
}

it_asks_a_jdk_that_has_no_release_file() {
  fake_curl
  jdk "$machine/bare" 25
  rm "$machine/bare/release"
  JAVA_HOME=$machine/bare run -v
  succeeds && stdout_has "java=$machine/bare"
}

it_takes_the_oldest_good_jdk_of_the_usual_folders() {
  fake_curl
  jdk "$machine/old" 17
  jdk "$machine/usr/lib/jvm/a-jdk-27" 27
  jdk "$machine/usr/lib/jvm/java-1.8.0" 1.8.0_402
  jdk "$home/.sdkman/candidates/java/25.0.3-tem" 25.0.3
  jdk "$machine/Library/Java/JavaVirtualMachines/temurin-26.jdk/Contents/Home" 26-ea
  PATH=$machine/old/bin:$PATH run -v
  succeeds && stdout_has "java=$home/.sdkman/candidates/java/25.0.3-tem"
}

it_does_not_take_a_runtime_without_compiler() {
  jdk "$machine/usr/lib/jvm/jre-25" 25
  rm "$machine/usr/lib/jvm/jre-25/bin/javac"
  run -v
  fails_with 2 && one_line_error "no JDK 25 or newer found: install one"
}

it_says_in_one_sentence_that_all_jdks_are_old() {
  jdk "$machine/old" 17
  JAVA_HOME=$machine/old PATH=$machine/old/bin:$PATH run verify
  fails_with 2 && one_line_error "JAVA_HOME=$machine/old is JDK 17" && stderr_has "$machine/old/bin/java is JDK 17"
}

it_says_in_one_sentence_that_there_is_no_jdk() {
  run verify
  fails_with 2 && one_line_error "no JDK 25 or newer found: install one, for example Temurin 25"
}

# --- which Maven ---

it_fetches_through_an_old_mvn_and_only_once() {
  good_jdk
  fake_mvn
  run first
  succeeds && stdout_has "args=[first]" && stderr_has "fetching Maven 9.9.9" || return 1
  run second
  succeeds && stdout_has "args=[second]" && stderr_lacks fetching && [ "$(count_lines "$machine/mvn.calls")" -eq 1 ]
}

it_does_not_fetch_through_the_settings_of_a_build() {
  good_jdk
  fake_mvn
  MAVEN_ARGS=--from-the-build run -v
  succeeds && ! grep -q from-the-build "$machine/mvn.calls"
}

it_falls_back_to_curl() {
  good_jdk
  script "$bin/mvn" 'echo broken >&2; exit 1'
  fake_curl
  run -v
  succeeds && grep -q "https://archive.example/dist/apache-maven-9.9.9-bin.zip" "$machine/curl.calls"
}

it_falls_back_to_wget() {
  good_jdk
  fake_wget
  run -v
  succeeds && stdout_has "java=$JAVA_HOME"
}

it_refuses_an_archive_with_another_sum_and_tries_the_next_way() {
  good_jdk
  script "$bin/mvn" 'for a; do case $a in -DoutputDirectory=*) d=${a#*=} ;; esac; done; echo forged > "$d/apache-maven-9.9.9-bin.zip"'
  fake_curl
  run -v
  succeeds && stderr_has "what came through mvn is not Maven 9.9.9"
}

it_refuses_when_every_way_brings_another_sum() {
  good_jdk
  script "$bin/mvn" 'for a; do case $a in -DoutputDirectory=*) d=${a#*=} ;; esac; done; echo forged > "$d/apache-maven-9.9.9-bin.zip"'
  script "$bin/curl" 'while [ "$1" != -o ]; do shift; done; echo forged > "$2"'
  script "$bin/wget" 'while [ "$1" != -O ]; do shift; done; echo forged > "$2"'
  run -v
  fails_with 3 && stderr_has "through wget came something else" && cache_is_empty
}

it_says_what_it_tried_without_network() {
  good_jdk
  script "$bin/mvn" 'echo "Unknown host" >&2; exit 1'
  script "$bin/curl" 'exit 6'
  script "$bin/wget" 'exit 4'
  run -v
  fails_with 3 && stderr_has "mvn could not get it; curl could not get it from https://archive.example/dist; wget" && cache_is_empty
}

it_says_that_there_is_nothing_to_fetch_with() {
  good_jdk
  run -v
  fails_with 3 && one_line_error "there is no mvn, curl or wget"
}

it_needs_no_network_once_cached() {
  good_jdk
  fake_curl
  run -v && rm "$bin/curl" && run again
  succeeds && stdout_has "args=[again]"
}

it_replaces_a_damaged_cache() {
  good_jdk
  fake_curl
  run -v
  : > "$(installed)/boot/classworlds.jar"
  run again
  succeeds && stderr_has "is damaged; fetching it again" && [ -s "$(installed)/boot/classworlds.jar" ] || return 1
  rm "$(installed)/boot/classworlds.jar"
  run again
  succeeds && stderr_has "is damaged" && [ -s "$(installed)/boot/classworlds.jar" ] && no_leftovers
}

it_replaces_a_cache_that_was_cut_short() {
  good_jdk
  fake_curl
  run -v
  rm "$(installed)/.sha512"
  run again
  succeeds && stderr_has "is damaged" && no_leftovers
}

it_survives_first_runs_at_the_same_time() {
  good_jdk
  fake_curl
  for i in 1 2 3 4 5 6; do
    (run_into "$case/out$i" "$case/err$i" "$i") &
  done
  wait
  for i in 1 2 3 4 5 6; do
    grep -q "args=\[$i\]" "$case/out$i" || { cat "$case/err$i" >&2; return 1; }
  done
  no_leftovers && run after && succeeds && stderr_lacks fetching
}

it_says_that_the_cache_cannot_be_written() {
  good_jdk
  fake_curl
  : > "$machine/a-file"
  MAVEN_USER_HOME=$machine/a-file/m2 run -v
  fails_with 3 && one_line_error "cannot create $machine/a-file/m2/wrapper/dists"
}

it_leaves_nothing_behind_when_stopped() {
  good_jdk
  mkfifo "$machine/started"
  script "$bin/curl" "echo > '$machine/started'; kill -TERM \$PPID; exit 1"
  (run -v; echo "$code" > "$case/code") &
  read -r _ < "$machine/started"
  wait
  [ "$(cat "$case/code")" -eq 143 ] && cache_is_empty
}

# --- how it is called ---

it_works_in_paths_with_spaces() {
  jdk "$machine/usr/lib/jvm/my jdk" 25
  mv "$project" "$case/a project"
  project="$case/a project"
  mv "$home" "$case/a home"
  home="$case/a home"
  fake_mvn
  run -Dname="two words" '*' ''
  succeeds && stdout_has "args=[-Dname=two words][*][]" && stdout_has "java=$machine/usr/lib/jvm/my jdk"
}

it_works_through_links_and_from_elsewhere() {
  good_jdk
  fake_curl
  mkdir -p "$case/links"
  ln -s "$project/mvnw" "$case/links/first"
  ln -s first "$case/links/second"
  mvnw=$case/links/second run -v
  succeeds && stdout_has "cwd=$case/cwd"
}

it_hands_on_the_exit_code_of_maven() {
  good_jdk
  fake_curl
  run fail-with-7
  fails_with 7
}

it_is_quiet_when_asked() {
  good_jdk
  fake_curl
  MVNW_QUIET=1 run -v
  succeeds && [ ! -s "$case/err" ]
}

it_keeps_the_options_of_the_user() {
  good_jdk
  fake_curl
  MAVEN_OPTS=-Xmx99m run -v
  succeeds && stdout_has "opts=--sun-misc-unsafe-memory-access=allow -Xmx99m"
}

# --- the invented machine ---

run_case() {
  cases=$((cases + 1))
  case=$scratch/case$cases
  project=$case/project home=$case/home machine=$case/machine bin=$case/bin
  mkdir -p "$project/.mvn/wrapper" "$home" "$machine" "$bin" "$case/cwd"
  mvnw=
  cp "$source_root/mvnw" "$project/"
  cp "$source_root/.mvn/find-java.sh" "$project/.mvn/"
  printf '# a comment\ndistributionUrl=https://archive.example/dist/apache-maven-9.9.9-bin.zip\ndistributionSha512Sum=%s\n' \
    "$maven_sum" > "$project/.mvn/wrapper/maven-wrapper.properties"
  for tool in sh cat chmod dirname find ln mkdir mktemp mv readlink rm sed sha512sum shasum perl tail cp env; do
    ! command -v "$tool" > /dev/null || ln -s "$(command -v "$tool")" "$bin/$tool"
  done
  if (unset JAVA_HOME MAVEN_ARGS MAVEN_OPTS MAVEN_USER_HOME MVNW_QUIET; "$1"); then
    [ -z "${VERBOSE:-}" ] || printf 'ok   %s: %s\n' "$shell" "$1"
  else
    failures=$((failures + 1))
    printf 'FAIL %s: %s\n' "$shell" "$1"
    sed 's/^/     stdout: /' "$case/out" 2> /dev/null || :
    sed 's/^/     stderr: /' "$case/err" 2> /dev/null || :
  fi
}

# run ARGUMENTS...: mvnw with the PATH, the home and the folders of the case; the answer is in $case/out, err and $code.
run() {
  code=0
  run_into "$case/out" "$case/err" "$@" || code=$?
}

run_into() {
  into_out=$1 into_err=$2
  shift 2
  # What a case put before its PATH comes first; of the real one nothing is left.
  case_path=${PATH%"$outer_path"}$bin
  applet=
  [ "$shell" != busybox ] || applet="sh"
  (
    cd "$case/cwd"
    HOME=$home PARLEY_JAVA_ROOT=$machine PATH=$case_path exec "$shell_path" $applet "${mvnw:-$project/mvnw}" "$@"
  ) > "$into_out" 2> "$into_err" < /dev/null
}

good_jdk() {
  jdk "$machine/good" 25
  JAVA_HOME=$machine/good
  export JAVA_HOME
}

jdk() {
  mkdir -p "$1/bin"
  printf 'IMPLEMENTOR="Nobody"\nJAVA_VERSION="%s"\n' "$2" > "$1/release"
  script "$1/bin/java" "printf '    java.home = %s\n    java.specification.version = %s\n' '$1' '$2' >&2"
  script "$1/bin/javac" 'exit 0'
  script "$1/bin/jar" "exec '$real_jar' -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC \"\$@\""
}

fake_mvn() {
  script "$bin/mvn" "printf '%s\n' \"\$* \${MAVEN_ARGS:-}\" >> '$machine/mvn.calls'
for a; do case \$a in -DoutputDirectory=*) d=\${a#*=} ;; esac; done
cp '$maven_zip' \"\$d/\""
}

fake_curl() {
  script "$bin/curl" "printf '%s\n' \"\$*\" >> '$machine/curl.calls'
while [ \"\$1\" != -o ]; do shift; done
cp '$maven_zip' \"\$2\""
}

fake_wget() {
  script "$bin/wget" "while [ \"\$1\" != -O ]; do shift; done
cp '$maven_zip' \"\$2\""
}

script() {
  printf '#!/bin/sh\n%s\n' "$2" > "$1"
  chmod +x "$1"
}

make_maven_zip() {
  mkdir -p "$scratch/zip/apache-maven-9.9.9/bin" "$scratch/zip/apache-maven-9.9.9/boot"
  script "$scratch/zip/apache-maven-9.9.9/bin/mvn" 'printf "java=%s\nopts=%s\ncwd=%s\nargs=" "$JAVA_HOME" "$MAVEN_OPTS" "$PWD"
printf "[%s]" "$@"
echo
[ "$1" != fail-with-7 ] || exit 7'
  echo classworlds > "$scratch/zip/apache-maven-9.9.9/boot/classworlds.jar"
  echo "name with space" > "$scratch/zip/apache-maven-9.9.9/boot/a file.txt"
  maven_zip=$scratch/apache-maven-9.9.9-bin.zip
  "$real_jar" --create --no-manifest --file "$maven_zip" -C "$scratch/zip" .
  maven_sum=$( (sha512sum "$maven_zip" 2> /dev/null || shasum -a 512 "$maven_zip") | sed 's/ .*//')
}

installed() {
  echo "$home"/.m2/wrapper/dists/apache-maven-9.9.9-*
}

# --- what is expected ---

succeeds() {
  [ "$code" -eq 0 ]
}

fails_with() {
  [ "$code" -eq "$1" ]
}

stdout_has() {
  grep -qF -- "$1" "$case/out"
}

stderr_has() {
  grep -qF -- "$1" "$case/err"
}

stderr_lacks() {
  ! stderr_has "$1"
}

one_line_error() {
  stderr_has "$1" && [ "$(grep -c '^mvnw: no \|^mvnw: cannot' "$case/err")" -eq 1 ] && [ ! -s "$case/out" ]
}

cache_is_empty() {
  [ -z "$(ls -A "$home/.m2/wrapper/dists")" ]
}

no_leftovers() {
  [ "$(ls -A "$home/.m2/wrapper/dists")" = "apache-maven-9.9.9-$(printf %.16s "$maven_sum")" ] && [ ! -e "$(installed)/apache-maven-9.9.9" ]
}

count_lines() {
  grep -c '' "$1"
}

main
