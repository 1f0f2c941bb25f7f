#!/bin/sh
# clients that hold back what they began, against a server with a small heap and few files
set -eu
here=$(cd "$(dirname "$0")" && pwd)
home=$(dirname "$here")
work=$(mktemp -d)
"$home/parlo" --version >/dev/null # builds
java=${PARLO_JAVA_HOME:-${JAVA_HOME:-$(ls -d /usr/lib/jvm/*25* | head -1)}}
run=server/src/test/java/dev/parlo/server/http/HoldingClientsRun.java
"$java/bin/javac" -d "$work" "$home/$run"
(
    ulimit -n 1024
    PARLO_AOT=0 PARLO_JAVA_OPTS="-Xmx512m" exec "$home/parlo" serve --host 127.0.0.1 --port 0
) >"$work/log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
tries=0
until url=$(sed -n 's/^Parlo .* listens on //p' "$work/log") && [ -n "$url" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || { cat "$work/log" >&2; exit 1; }
    sleep 1
done
"$java/bin/java" -Xmx600m -cp "$work" dev.parlo.server.http.HoldingClientsRun "$url" "$server" "${1:-60}"
