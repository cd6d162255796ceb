# shellcheck shell=bash
# What deploy/test-image and deploy/test-pods share: sourced by both, from the root of the repository. Each of them has a function
# container NAME, which says what the container of a node is called.

test_name=${0##*/}

# Runs the script again in a sandbox if there has to be one, with the image in an archive: ARCHIVE, or that of the local store.
in_sandbox() {
  local archive=${1:-} script=$2
  if [[ -z $archive ]]; then
    archive=$PWD/deploy/target/image.tar
    command -v buildah > /dev/null || fail "buildah is needed"
    rm -f "$archive"
    buildah push --quiet localhost/parley:dev "docker-archive:$archive:localhost/parley:dev" > /dev/null
  fi
  PARLEY_TEST_ARCHIVE=$archive exec deploy/in-sandbox "$script" --inside
}

# Without its complaints that there is no systemd for the timers of health checks.
podman() {
  command podman "$@" 2> >(grep -v -e 'systemd connection' -e 'connect to syslog' >&2)
}

parley() {
  local name=$1
  shift
  podman exec "$(container "$name")" parley "$@"
}

pid_of() {
  podman inspect --format '{{.State.Pid}}' "$(container "$1")"
}

not_root() {
  local status set
  status=/proc/$(pid_of "$1")/status
  grep -q '^Uid:.10001.10001.10001.10001$' "$status" || fail "$1 does not run as 10001: $(grep ^Uid "$status")"
  for set in CapInh CapPrm CapEff CapBnd CapAmb; do
    grep -q "^$set:.0000000000000000$" "$status" || fail "$1 has capabilities: $(grep "^$set" "$status")"
  done
  grep -q '^NoNewPrivs:.1$' "$status" || fail "$1 may get privileges"
  say "$1: uid 10001, no capability in any set, no new privileges"
}

no_shell() {
  local name
  for name in sh bash /bin/sh /bin/busybox ls cat; do
    ! podman exec "$(container "$1")" "$name" > /dev/null 2>&1 || fail "there is a $name in the image"
  done
  say "$1: no shell and no tool but parley"
}

read_only() {
  local mounts writable
  mounts=/proc/$(pid_of "$1")/mountinfo
  grep -q ' / .* ro[, ]' "$mounts" || fail "the root of $1 is not read-only"
  writable=$(awk '$6 ~ /^rw/ {print $5}' "$mounts" | grep -vE '^/(proc|sys|dev)(/|$)' | sort | tr '\n' ' ')
  # What podman itself makes for a container, of its own and not of the image, is no place of ours.
  writable=${writable//"/etc/hostname "/}
  [[ $writable == "/var/lib/parley " ]] || fail "writable in $1: $writable"
  say "$1: the root is read-only; nothing is writable but /var/lib/parley"
}

memory() {
  echo $(($(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$(pid_of "$1")/status") / 1024))
}

# Reads to the end, so that who writes is not cut off.
holds() {
  grep -F -e "$1" > /dev/null
}

# await WHAT COMMAND...: for PARLEY_TEST_PATIENCE seconds (default 90) at the most.
await() {
  local what=$1 deadline=$((SECONDS + ${PARLEY_TEST_PATIENCE:-90}))
  shift
  until "$@" 2> /dev/null; do
    ((SECONDS < deadline)) || fail "not so after ${PARLEY_TEST_PATIENCE:-90} s: $what"
    sleep 0.3
  done
}

say() {
  echo "$test_name: $1"
}

fail() {
  echo "$test_name: FAILED: $1" >&2
  ! declare -F tell_more > /dev/null || tell_more >&2
  exit 1
}
