#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: run.sh SECONDS [TARGET...]
# Runs each fuzz target of build-fuzz for SECONDS, one after the other, and exits 1 when one finds
# something; the input is then in build-fuzz/findings. What an input reached that the seeds did not
# is kept in build-fuzz/corpus, where the next run begins.
set -eu
cd "$(dirname "$0")/../../build-fuzz"
seconds="$1"
shift
[ $# -gt 0 ] || set -- config gguf safetensors spec tokenizer

# Files in memory, where there is such a folder: on a disk each overwrite would wait for it.
TMPDIR="$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)"
export TMPDIR
trap 'rm -rf "$TMPDIR"' EXIT
export ASAN_OPTIONS=quarantine_size_mb=16
log="$TMPDIR/log"

# fuzz TARGET SECONDS
fuzz() {
  "tests/fuzz/fuzz_$1" -max_total_time="$2" -max_len=32768 -timeout=10 -rss_limit_mb=1024 \
    -malloc_limit_mb=64 -print_final_stats=1 -reload=0 -artifact_prefix="findings/$1-" \
    "corpus/$1" "seeds/$1" >"$log" 2>&1
}

# Whether the last run ended with an input that takes no time when it is run again: libFuzzer
# measures by the clock, and the machine stood still.
stood_still() {
  input="$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)"
  case "$input" in
    *-timeout-*) "tests/fuzz/fuzz_$1" -timeout=10 "$input" >/dev/null 2>&1 && rm "$input" ;;
    *) false ;;
  esac
}

status=0
for target; do
  mkdir -p findings "corpus/$target"
  end=$(($(date +%s) + seconds))
  inputs=0
  found=0
  while left=$((end - $(date +%s))) && [ "$left" -gt 0 ] && [ "$found" -eq 0 ]; do
    fuzz "$target" "$left" || stood_still "$target" || found=1
    run="$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
    inputs=$((inputs + ${run:-0}))
  done
  echo "fuzz $target: $seconds s, $inputs inputs"
  if [ "$found" -ne 0 ]; then
    grep -v '^#[0-9]' "$log" | tail -n 60
    echo "fuzz $target: a finding in build-fuzz/findings" >&2
    status=1
  fi
done
exit $status
