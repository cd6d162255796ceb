# shellcheck shell=sh
# Sourced by mvnw and client/parley. Built-ins only on the usual way: every `parley` command pays for this file.
#
#   parley_find_java   sets and exports JAVA_HOME to a JDK of version $parley_java_needed or newer, or returns 1.
#                      $parley_java_seen then says what was found and is too old (a text, may be empty).
#
# PARLEY_JAVA_ROOT is put before the absolute folders searched; the tests point it at an invented machine.

parley_java_needed=25

parley_find_java() {
  parley_java_seen=
  if [ -n "${JAVA_HOME:-}" ]; then
    parley_is_jdk "$JAVA_HOME" && { export JAVA_HOME; return 0; }
    parley_java_note "JAVA_HOME=$JAVA_HOME"
  fi
  parley_java_in_path || parley_java_in_folders || return 1
}

# Whether $1 is the home of a JDK that is new enough; leaves its version in $parley_java_version (0: no JDK).
parley_is_jdk() {
  parley_java_version=0
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
  if [ -r "$1/release" ]; then
    while IFS= read -r parley_line || [ -n "$parley_line" ]; do
      case $parley_line in
        JAVA_VERSION=*) parley_java_version_of "${parley_line#JAVA_VERSION=}"; break ;;
      esac
    done < "$1/release"
  else
    parley_java_version_of "$("$1/bin/java" -XshowSettings:properties -version 2>&1 \
      | sed -n 's/^ *java.specification.version = //p')"
  fi
  [ "$parley_java_version" -ge "$parley_java_needed" ]
}

# The feature version out of texts like "25.0.3", 26-ea or "1.8.0_402".
parley_java_version_of() {
  parley_java_version=${1#\"}
  parley_java_version=${parley_java_version%%[!0-9]*}
  parley_java_version=${parley_java_version:-0}
}

parley_java_note() {
  if [ "$parley_java_version" -gt 0 ]; then
    parley_java_seen="${parley_java_seen:+$parley_java_seen, }$1 is JDK $parley_java_version"
  else
    parley_java_seen="${parley_java_seen:+$parley_java_seen, }$1 is not a JDK"
  fi
}

# Every java of PATH in turn, not only the first.
parley_java_in_path() {
  parley_rest=$PATH:
  while [ -n "$parley_rest" ]; do
    parley_dir=${parley_rest%%:*}
    parley_rest=${parley_rest#*:}
    [ -x "$parley_dir/java" ] || continue
    # The java of macOS in /usr/bin is a stand-in that opens a dialogue.
    [ "$parley_dir" = /usr/bin ] && [ -x /usr/libexec/java_home ] && continue
    parley_home=${parley_dir%/bin}
    if [ -L "$parley_dir/java" ] || ! [ -r "$parley_home/release" ]; then
      parley_java=$(readlink -f "$parley_dir/java") || continue
      parley_home=${parley_java%/bin/java}
    fi
    # A launcher script (jenv, asdf, mise): only the JVM behind it knows where it lives.
    if ! [ -x "$parley_home/bin/java" ]; then
      parley_home=$("$parley_dir/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.home = //p')
      [ -n "$parley_home" ] || continue
    fi
    parley_is_jdk "$parley_home" && { JAVA_HOME=$parley_home; export JAVA_HOME; return 0; }
    [ "$parley_java_version" -gt 0 ] && parley_java_note "$parley_dir/java"
  done
  return 1
}

# Of the JDKs in the folders that installers use, the oldest that is new enough: the one we test with.
parley_java_in_folders() {
  parley_best=
  parley_root=${PARLEY_JAVA_ROOT:-}
  for parley_home in \
    "$parley_root"/usr/lib/jvm/* "$parley_root"/usr/lib64/jvm/* "$parley_root"/usr/java/* \
    "$parley_root"/usr/local/openjdk-* "$parley_root"/opt/java/* "$parley_root"/opt/*jdk* \
    "$parley_root"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$parley_root"/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "$parley_root"/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/.sdkman/candidates/java/* \
    "${HOME:-}"/.jdks/* "${HOME:-}"/.asdf/installs/java/* "${HOME:-}"/.local/share/mise/installs/java/*; do
    parley_is_jdk "$parley_home" || continue
    if [ -z "$parley_best" ] || [ "$parley_java_version" -lt "$parley_best_version" ]; then
      parley_best=$parley_home
      parley_best_version=$parley_java_version
    fi
  done
  [ -n "$parley_best" ] || return 1
  JAVA_HOME=$parley_best
  export JAVA_HOME
}
