#!/bin/sh
# Long recordings: memory over 12 hours (HOURS), batches beside sequential on one hour (MINUTES), reading by format.
# Results go to docs/ where DOCS names it; UTTERANCES are what is said, FORMAT is how it is uploaded.
set -eu
. "$(dirname "$0")/common.sh"
PORT=${PORT:-18770}
HOURS=${HOURS:-12}
MINUTES=${MINUTES:-60}
FORMAT=${FORMAT:-flac}
SPEECH=${SPEECH:-0.03}
BATCH=${BATCH:-8}
docs=${DOCS:-$results}
utterances=${UTTERANCES:-"$root"/samples/*.flac}
model=parlo/whisper-nano.en
build
long=$data/recording-$HOURS-hours.$FORMAT
hour=$data/recording-$MINUTES-minutes.flac
[ -f "$long" ] || bench benchmarks.file.LongRecording $((HOURS * 3600)) "$SPEECH" "$FORMAT" "$long" $utterances
[ -f "$hour" ] || bench benchmarks.file.LongRecording $((MINUTES * 60)) 1 flac "$hour" $utterances
work=$(mktemp -d)
mkdir "$work/tmp"
PARLO_TMP_DIR=$work/tmp HF_HUB_CACHE=$work/hub HF_HUB_OFFLINE=1 MAX_UPLOAD_BYTES=${MAX_UPLOAD_BYTES:-4000000000} \
    MAX_AUDIO_SECONDS=$((HOURS * 3600 + 60)) \
    ${PARLO:-$root/parlo} serve --host 127.0.0.1 --port "$PORT" >"$results/long-serve.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
until curl -s -o /dev/null "http://127.0.0.1:$PORT/health"; do
    kill -0 "$server" 2>/dev/null || { cat "$results/long-serve.log" >&2; exit 1; }
    sleep 0.1
done
# What a short recording needs is loaded, and counts as idle.
for i in 1 2 3; do
    curl -sS -f -o /dev/null -F model=$model -F batch_size="$BATCH" -F file=@"$root/samples/a-miracle.flac" \
        "http://127.0.0.1:$PORT/v1/audio/transcriptions"
done
HEAP=256m bench benchmarks.file.MemoryRun "http://127.0.0.1:$PORT" "$server" "$long" \
    "$docs/benchmarks-long.json" "$docs/memory-long.svg" model=$model vad_filter=true batch_size="$BATCH"
HEAP=256m bench benchmarks.file.BatchedRun "http://127.0.0.1:$PORT" "$hour" "$BATCH" \
    "$docs/benchmarks-batched.json" model=$model temperature_fallback=false
bench benchmarks.file.ReadingBenchmark "${READING_MINUTES:-10}" "$data" "$docs/benchmarks-reading.json" $utterances
