#!/bin/sh
# First sound: from the last byte of text to the first byte of audio, for every protocol of speech (--quick: less of it).
# SHARED: the folder with models/kokoro-shaped; CELL_SECONDS (5) for each cell; BENCH_NOTE for the heading.
set -eu
. "$(dirname "$0")/common.sh"
shared=${SHARED:-$root/../shared}
seconds=${CELL_SECONDS:-5}
[ "${1:-}" != --quick ] || seconds=2
PORT=${PORT:-18767}
build
models=$data/speech
mkdir -p "$models"
if [ -f "$shared/models/kokoro-shaped/weights.json" ]; then
    bench benchmarks.speech.DoorsBenchmark prepare "$shared/models" "$models/parlo/kokoro-shaped"
else
    echo "No $shared/models/kokoro-shaped: espeak-ng alone is measured" >&2
fi

TTS_MODEL_TTL=-1 MODELS_PATH=$models HF_HUB_OFFLINE=1 ${PARLO:-$root/parlo} serve --host 127.0.0.1 --port "$PORT" >"$results/doors-serve.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
until curl -s -o /dev/null "http://127.0.0.1:$PORT/health"; do
    kill -0 "$server" 2>/dev/null || { cat "$results/doors-serve.log" >&2; exit 1; }
    sleep 0.1
done
load=$(cut -d' ' -f1-3 /proc/loadavg)
model=$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2-)
machine="$(nproc) cores of$model, JDK $("$JAVA_HOME/bin/java" -version 2>&1 | head -1 | cut -d'"' -f2), $(date +%Y-%m-%d), load at the start $load. ${BENCH_NOTE:-}"
bench benchmarks.speech.DoorsBenchmark "http://127.0.0.1:$PORT" "$seconds" "$root/docs" "$machine"
kill "$server"
wait "$server" 2>/dev/null || true
trap - EXIT
echo "Written: docs/benchmarks.md and docs/benchmarks-doors.json"
