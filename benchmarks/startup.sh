#!/bin/sh
# Start-up: ./parlo serve until it listens, with and without its cache, and parlo transcribe of a clip.
set -eu
. "$(dirname "$0")/common.sh"
parlo=${PARLO:-$root/parlo}
clip=${CLIP:-$root/samples/a-miracle.flac}
rounds=${ROUNDS:-5}
PORT=${PORT:-18765}

now() { date +%s%N; }
milliseconds() { echo $((($(now) - $1) / 1000000)); }
median() { sort -n | sed -n "$((($rounds + 1) / 2))p"; }

serve() {
    begin=$(now)
    "$parlo" serve --host 127.0.0.1 --port "$PORT" >"$results/serve.log" 2>&1 &
    server=$!
    until curl -s -o /dev/null "http://127.0.0.1:$PORT/health"; do
        kill -0 "$server" 2>/dev/null || { cat "$results/serve.log" >&2; exit 1; }
        sleep 0.01
    done
    milliseconds "$begin"
    kill "$server"
    wait "$server" 2>/dev/null || true
}

transcribe() {
    begin=$(now)
    "$parlo" transcribe "$clip" >/dev/null 2>"$results/transcribe.log"
    milliseconds "$begin"
}

repeat() {
    "$@" >/dev/null # builds, converts, and makes the cache
    i=0
    while [ "$i" -lt "$rounds" ]; do
        "$@"
        i=$((i + 1))
    done | median
}

with_serve=$(repeat serve)
with_transcribe=$(repeat transcribe)
export PARLO_AOT=0
without_serve=$(repeat serve)
without_transcribe=$(repeat transcribe)
cat >"$results/script-startup.json" <<JSON
{"title": "Start-up, median milliseconds of $rounds",
 "parlo serve until it listens": "$with_serve",
 "the same without the start-up cache": "$without_serve",
 "parlo transcribe of $(basename "$clip")": "$with_transcribe",
 "parlo transcribe without the start-up cache": "$without_transcribe"}
JSON
cat "$results/script-startup.json"
