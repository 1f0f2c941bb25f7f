#!/bin/sh
# Speech: first byte, real-time factor, clients at a time, and Parlo beside its bare models (--quick: one round, no text of 500 tokens).
# SHARED: the folder with models/kokoro-shaped; ROUNDS (3); LONGEST text in tokens (500); BENCH_NOTE for the heading.
set -eu
. "$(dirname "$0")/common.sh"
shared=${SHARED:-$root/../shared}
rounds=${ROUNDS:-3}
longest=${LONGEST:-500}
if [ "${1:-}" = --quick ]; then
    rounds=1
    longest=250
fi
parlo=${PARLO:-$root/parlo}
PORT=${PORT:-18766}
[ -f "$shared/models/kokoro-shaped/weights.json" ] || {
    echo "No $shared/models/kokoro-shaped: set SHARED to the folder that holds models/kokoro-shaped" >&2
    exit 1
}
build
"$parlo" --version # builds it
models=$data/speech
mkdir -p "$models"
bench benchmarks.speech.EngineBenchmark "$shared/models" "$models" "$rounds" "$results/speech-engine.json" "$longest"
HEAP=3g bench benchmarks.speech.VariantsBenchmark "$shared/models" "$models" "$rounds" "$results/speech-variants.json"

TTS_MODEL_TTL=-1 MODELS_PATH=$models HF_HUB_OFFLINE=1 "$parlo" serve --host 127.0.0.1 --port "$PORT" >"$results/speech-serve.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
until curl -s -o /dev/null "http://127.0.0.1:$PORT/health"; do
    kill -0 "$server" 2>/dev/null || { cat "$results/speech-serve.log" >&2; exit 1; }
    sleep 0.1
done
bench benchmarks.speech.ServerBenchmark "http://127.0.0.1:$PORT" "$rounds" "$results/speech-server.json" "$longest"
kill "$server"
wait "$server" 2>/dev/null || true
trap - EXIT

load=$(cut -d' ' -f1-3 /proc/loadavg)
model=$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2-)
machine="$(nproc) cores of$model, JDK $("$JAVA_HOME/bin/java" -version 2>&1 | head -1 | cut -d'"' -f2), $(date +%Y-%m-%d), load at the end $load. ${BENCH_NOTE:-}"
bench benchmarks.speech.SpeechReport "$results" "$root/docs" "$machine"
bench benchmarks.Pictures "$root/docs"
echo "Written: docs/benchmarks.md, docs/benchmarks-speech.json and its picture"
