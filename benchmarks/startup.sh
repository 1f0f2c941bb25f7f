#!/bin/sh
# Start-up: ./parlo serve until it listens and until it has answered, parlo transcribe of a clip; [TREE]: and those of another tree
#
# With TREE, another source tree that is built, both take turns; without, this one is also started
# without its start-up cache. ROUNDS (5), PORT (18765), CLIP.
set -eu
. "$(dirname "$0")/common.sh"
clip=$(realpath "${CLIP:-$root/samples/a-miracle.flac}")
rounds=${ROUNDS:-5}
PORT=${PORT:-18765}
url=http://127.0.0.1:$PORT

now() { date +%s%N; }
milliseconds() { echo $((($(now) - $1) / 1000000)); }
least() { sort -n "$1" | head -n 1; }
median() { sort -n "$1" | sed -n "$((($rounds + 1) / 2))p"; }

# serve PARLO NAME: one start; appends to NAME.listens and NAME.first
serve() {
    begin=$(now)
    "$1" serve --host 127.0.0.1 --port "$PORT" >"$results/serve.log" 2>&1 &
    server=$!
    until curl -s -o /dev/null "$url/health"; do
        kill -0 "$server" 2>/dev/null || { cat "$results/serve.log" >&2; exit 1; }
        sleep 0.005
    done
    milliseconds "$begin" >>"$results/$2.listens"
    curl -sf -o /dev/null "$url/v1/audio/transcriptions" -F model=parlo/whisper-nano.en -F "file=@$clip"
    milliseconds "$begin" >>"$results/$2.first"
    kill "$server"
    wait "$server" 2>/dev/null || true
}

# transcribe PARLO NAME: one run; appends to NAME.transcribe
transcribe() {
    begin=$(now)
    "$1" transcribe "$clip" >/dev/null 2>"$results/transcribe.log"
    milliseconds "$begin" >>"$results/$2.transcribe"
}

# measure PARLO NAME [PARLO NAME]: all by turns, so that a busy moment meets every one of them
measure() {
    for round in $(seq 0 "$rounds"); do
        for job in serve transcribe; do
            "$job" "$1" "$2"
            [ $# -eq 2 ] || "$job" "$3" "$4"
        done
        # The first round builds, converts, and makes the cache.
        if [ "$round" -eq 0 ]; then
            rm -f "$results/$2."* "$results/${4:-$2}."*
        fi
    done
}

rows() {
    for what in listens first transcribe; do
        case $what in
            listens) words="parlo serve until it listens" ;;
            first) words="parlo serve until it has answered its first transcription" ;;
            *) words="parlo transcribe of $(basename "$clip")" ;;
        esac
        printf ',\n "%s, %s": "%s (least %s)"' "$words" "$2" "$(median "$results/$1.$what")" "$(least "$results/$1.$what")"
    done
}

if [ $# -gt 0 ]; then
    measure "$1/parlo" startup-other "$root/parlo" startup-this
    other=$(rows startup-other "other tree")
    this=$(rows startup-this "this tree")
else
    measure "$root/parlo" startup-this
    this=$(rows startup-this "with the start-up cache")
    export PARLO_AOT=0
    measure "$root/parlo" startup-other
    other=$(rows startup-other "without it")
fi
printf '{"title": "Start-up, median milliseconds of %s"%s%s}\n' "$rounds" "$other" "$this" >"$results/script-startup.json"
cat "$results/script-startup.json"
