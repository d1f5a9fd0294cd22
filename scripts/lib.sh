# Shared by every script here: `source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"`.
# shellcheck shell=bash
set -euo pipefail

repository="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
export ORRERY_DATA="${ORRERY_DATA:-$(dirname "$repository")/shared/data}"
# shellcheck disable=SC2034 # used by the scripts that source this file
orrery="$repository/build/release/bin/orrery"

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }
die() {
  warn "$(basename "$0"): $*"
  exit 1
}

# Runs a command as root: directly, or through sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo > /dev/null; then
    sudo "$@"
  else
    die "needs root or sudo to run: $*"
  fi
}

# Compilations at once: one per processor, but no more than one per 1.5 GB of free memory, because
# a compiler that is killed for memory fails the build.
build_jobs() {
  local processors free_kb by_memory
  processors="$(nproc)"
  free_kb="$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo)"
  by_memory=$((free_kb / 1500000))
  [ "$by_memory" -ge 1 ] || by_memory=1
  if [ "$by_memory" -lt "$processors" ]; then echo "$by_memory"; else echo "$processors"; fi
}

# Prints how long a step took, and keeps it in step_times: `step "what" command ...`.
step_times=()
step() {
  local what="$1" begun="$SECONDS"
  shift
  say "== $what"
  "$@" || die "$what failed"
  say "== $what: $((SECONDS - begun)) s"
  step_times+=("$what $((SECONDS - begun)) s")
}

# scripts/build without its progress; what it said is shown where it fails.
build_quietly() {
  local log outcome=0
  log="$(mktemp)"
  "$repository/scripts/build" "$@" > "$log" 2>&1 || outcome=$?
  if [ "$outcome" -ne 0 ]; then tail -n 60 "$log" >&2; fi
  rm -f "$log"
  return "$outcome"
}

# A check's line `NAME: figure (target)`; a figure that misses its target fails the check at its end.
check_failures=0
figure() { # figure NAME TEXT TARGET ok|missed
  say "$1: $2 ($3)$([ "$4" = ok ] || printf ' MISSED')"
  [ "$4" = ok ] || check_failures=$((check_failures + 1))
}
check_end() { [ "$check_failures" -eq 0 ]; }

# holds EXPRESSION: ok or missed, for decimal comparisons such as `holds "1.5 < 2"`.
holds() { awk "BEGIN { print (($1) ? \"ok\" : \"missed\") }"; }
