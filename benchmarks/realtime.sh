#!/bin/sh
# live conversations: how soon transcripts, words and sounds come, and what sessions cost; MINUTES=10: a soak instead
# TURNS (8) of each session, SESSIONS (20) of the soak, HEAP_MB (512) of the server.
set -eu
. "$(dirname "$0")/common.sh"
PORT=${PORT:-18779}
LLM=$((PORT + 1))
build
work=$(mktemp -d)
mkdir "$work/tmp"
PARLO_TMP_DIR=$work/tmp HF_HUB_CACHE=$work/hub HF_HUB_OFFLINE=1 WS_MAX_PER_CLIENT=0 \
    CHAT_COMPLETION_BASE_URL=http://127.0.0.1:$LLM/v1 PARLO_JAVA_OPTS="-Xmx${HEAP_MB:-512}m" \
    ${PARLO:-$root/parlo} serve --host 127.0.0.1 --port "$PORT" >"$results/realtime-serve.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
until curl -s -o /dev/null "http://127.0.0.1:$PORT/health"; do
    kill -0 "$server" 2>/dev/null || { cat "$results/realtime-serve.log" >&2; exit 1; }
    sleep 0.1
done
if [ -n "${MINUTES:-}" ]; then
    bench benchmarks.realtime.RealtimeSoak "http://127.0.0.1:$PORT" "$server" "$LLM" \
        "$root/samples/a-miracle.flac" "$MINUTES" "${SESSIONS:-20}"
else
    bench benchmarks.realtime.RealtimeBenchmark "http://127.0.0.1:$PORT" "$server" "$LLM" \
        "$root/samples/the-scientists.flac" "${TURNS:-8}" "$results/realtime.json" "${DOCUMENT:-$root/docs/benchmarks.md}"
fi
