#!/bin/sh
# Load: 64 transcription and 32 speech clients at a server of its own, a quarter leaving early (SECONDS_OF_LOAD: 60).
# HEAP_MB (512) of the server; STT_QUEUE_SIZE and TTS_QUEUE_SIZE as set in the environment.
set -eu
. "$(dirname "$0")/common.sh"
PORT=${PORT:-18769}
build
work=$(mktemp -d)
mkdir "$work/tmp"
PARLO_TMP_DIR=$work/tmp HF_HUB_CACHE=$work/hub HF_HUB_OFFLINE=1 \
    PARLO_JAVA_OPTS="-Xmx${HEAP_MB:-512}m" \
    ${PARLO:-$root/parlo} serve --host 127.0.0.1 --port "$PORT" >"$results/load-serve.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
until curl -s -o /dev/null "http://127.0.0.1:$PORT/health"; do
    kill -0 "$server" 2>/dev/null || { cat "$results/load-serve.log" >&2; exit 1; }
    sleep 0.1
done
curl -s -o /dev/null -F model=parlo/whisper-nano.en -F file=@"$root/samples/a-miracle.flac" \
    "http://127.0.0.1:$PORT/v1/audio/transcriptions"
bench benchmarks.LoadRun "http://127.0.0.1:$PORT" "$server" "$work/tmp" "${SECONDS_OF_LOAD:-60}" \
    "${TRANSCRIBERS:-64}" "${SPEAKERS:-32}" "$root/samples"
