#!/usr/bin/env bash
# How much sooner an archive is done with two workers on Spark than with one; each worker is a process with one core.
#   benchmarks/spark.sh [MODEL] [FILES] [RUNS]
# After `make spark`. The runs take turns; one worker is held to one core, with its compiler and the driver. What is compared is the time from the first recording to the last, by the
# checkpoint's files, without the start of Spark and of its processes.
set -euo pipefail
cd "$(dirname "$0")/.."
model=${1:-$PWD/models/parlo/whisper-nano.en} files=${2:-60} runs=${3:-3}
: "${JAVA_HOME:?is a JDK 25}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/audio"
for i in $(seq "$files"); do
    cp samples/a-miracle.flac "$work/audio/a-$i.flac"
    cp samples/the-scientists.flac "$work/audio/b-$i.flac"
done
for run in $(seq "$runs"); do
    for workers in 1 2; do
        out=$work/out-$run-$workers
        pin=
        [ "$workers" = 2 ] || pin="taskset -c 0"
        $pin spark/local-cluster "$workers" --model "$model" --audio "$work/audio" --output "$out" >"$work/log" 2>&1 \
            || { tail -20 "$work/log"; exit 1; }
        python3 - "$out" "$workers" "$(grep ^parlo-spark: "$work/log")" <<'PY'
import glob, json, sys
out, workers, line = sys.argv[1:]
ends = sorted(json.loads(l)["finished"] for f in glob.glob(out + "/checkpoint/pieces/*.json") for l in open(f))
rows = len(ends)
print(f"{workers} worker(s): {rows} pieces, {rows - 1} after the first in {(ends[-1] - ends[0]) / 1e3:.1f} s; {line.split(' in ')[1].split(':')[0]} in all", flush=True)
PY
    done
done
