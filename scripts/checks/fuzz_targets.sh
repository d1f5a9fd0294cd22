# For checks that source it after lib.sh: runs fuzz targets from their stored corpus.
# shellcheck shell=bash

# fuzz_targets NAME PATTERN: each target whose name matches, FUZZ_SECONDS long, two at once on two
# processors; a figure of check NAME for each. What a target finds new stays in a folder of this run.
fuzz_targets() {
  local check="$1" pattern="$2" targets name outcome inputs
  fuzz_work="$(mktemp -d)"
  trap 'rm -rf "$fuzz_work"' EXIT
  # Only the fuzz targets: the preset's tests would be built with libFuzzer's flags for nothing.
  build_quietly fuzz help
  targets="$(ninja -C "$repository/build/fuzz" -t targets all |
    sed -n 's/^\(fuzz_[a-z0-9_]*\): phony$/\1/p' | grep -E "$pattern" | sort)" ||
    die "there are no fuzz targets like $pattern"
  # shellcheck disable=SC2086 # one word a target.
  build_quietly fuzz $targets
  export -f fuzz_one
  export repository fuzz_work FUZZ_SECONDS
  # shellcheck disable=SC2016 # $1 is the inner shell's.
  xargs -P "$(nproc)" -I '{}' bash -c 'fuzz_one "$1"' _ '{}' <<< "$targets"
  for name in $targets; do
    outcome="$(cat "$fuzz_work/$name.exit")"
    inputs="$(sed -n 's/^stat::number_of_executed_units: *//p' "$fuzz_work/$name.log")"
    figure "$check" "$name: ${inputs:-0} inputs in $FUZZ_SECONDS s, exit code $outcome" 0 \
      "$(holds "$outcome == 0 && ${inputs:-0} > 0")"
    if [ "$outcome" -ne 0 ]; then tail -n 30 "$fuzz_work/$name.log" >&2; fi
  done
}

fuzz_one() {
  local name="$1" found="$fuzz_work/$1" outcome=0
  mkdir -p "$found"
  "$repository/build/fuzz/bin/$name" -max_total_time="$FUZZ_SECONDS" -timeout=20 \
    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$found/" "$found" \
    "$repository/tests/fuzz/corpus/${name#fuzz_}" > "$fuzz_work/$name.log" 2>&1 || outcome=$?
  echo "$outcome" > "$fuzz_work/$name.exit"
}
