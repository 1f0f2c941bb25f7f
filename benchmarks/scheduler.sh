#!/bin/sh
# Many clients at one model: clips together, a clip beside four one-hour files, a flood (about eight minutes; THREADS: 2).
# Written to DOCS (docs/). CLIENTS (1,4,8,16), ROUNDS (5 for tiny, 1 for small), SHAPES (tiny small) of the clips,
# CROWD_SHAPES (tiny) of the clip beside files, FLOOD (1); "" leaves a part out. What is left out stays in DOCS as it was.
set -eu
. "$(dirname "$0")/common.sh"
PORT=${PORT:-18771}
threads=${THREADS:-2}
clients=${CLIENTS:-1,4,8,16}
docs=${DOCS:-$root/docs}
build
# Those of an earlier run lie in DOCS, with the machine that they were measured on.
rm -f "$results"/clients-*.json "$results"/crowd-*.json "$results/flood.json"
for shape in ${SHAPES-tiny small}; do
    rounds=${ROUNDS:-5}
    [ "$shape" = tiny ] || rounds=${ROUNDS:-1}
    for beams in 1 5; do
        bench benchmarks.ClientsBenchmark "$data" "$shape" "$beams" "$rounds" "$threads" "$clients" 1 \
            "$results/clients-$shape-$beams.json"
    done
done
for shape in ${CROWD_SHAPES-tiny}; do
    clips=40
    [ "$shape" = tiny ] || clips=15
    for batch in 0 8; do
        bench benchmarks.CrowdBenchmark "$data" "$shape" 1 "${CLIPS:-$clips}" "$threads" "$batch" \
            "$results/crowd-$shape-$batch.json"
    done
done
held=0
if [ -n "${FLOOD-1}" ]; then
    work=$(mktemp -d)
    mkdir "$work/tmp"
    STT_QUEUE_SIZE=16 PARLO_TMP_DIR=$work/tmp HF_HUB_CACHE=$work/hub HF_HUB_OFFLINE=1 \
        ${PARLO:-$root/parlo} serve --host 127.0.0.1 --port "$PORT" >"$results/scheduler-serve.log" 2>&1 &
    server=$!
    trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
    until curl -s -o /dev/null "http://127.0.0.1:$PORT/health"; do
        kill -0 "$server" 2>/dev/null || { cat "$results/scheduler-serve.log" >&2; exit 1; }
        sleep 0.1
    done
    bench benchmarks.FloodRun "http://127.0.0.1:$PORT" "$root/samples/a-miracle.flac" parlo/whisper-nano.en \
        "$results/flood.json" || held=1
fi
model=$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2-)
machine="$(nproc) cores of$model, JDK $("$JAVA_HOME/bin/java" -version 2>&1 | head -1 | cut -d'"' -f2), $(date +%Y-%m-%d), $threads threads, load at the end $(cut -d' ' -f1-3 /proc/loadavg). ${BENCH_NOTE:-}"
bench benchmarks.SchedulerReport "$results" "$docs" "$machine"
echo "Written: $docs/benchmarks.md, benchmarks-scheduler.json, scheduler.svg"
exit "$held"
