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

found=0
for target; do
  mkdir -p findings "corpus/$target"
  echo "fuzz $target: $seconds s"
  if ! "tests/fuzz/fuzz_$target" -max_total_time="$seconds" -max_len=32768 -timeout=10 \
      -rss_limit_mb=1024 -malloc_limit_mb=64 -print_final_stats=1 -reload=0 \
      -artifact_prefix="findings/$target-" "corpus/$target" "seeds/$target" \
      >"$TMPDIR/log" 2>&1; then
    grep -v '^#[0-9]' "$TMPDIR/log" | tail -n 60
    echo "fuzz $target: a finding in build-fuzz/findings" >&2
    found=1
  fi
  sed -n 's/^stat::number_of_executed_units: */  inputs run: /p' "$TMPDIR/log"
done
exit $found
