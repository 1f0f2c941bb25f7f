#!/bin/sh
# Short clips by how much of a window is encoded (audio_ctx), one thread (a few minutes; SHAPES: "tiny small tiny/q8_0", ROUNDS: 5).
# Written to DOCS (docs/).
set -eu
. "$(dirname "$0")/common.sh"
docs=${DOCS:-$root/docs}
PIN=$(pin_to "${CPU:-1}")
build
model=$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2-)
machine="$(nproc) cores of$model, JDK $("$JAVA_HOME/bin/java" -version 2>&1 | head -1 | cut -d'"' -f2), $(date +%Y-%m-%d), one thread. ${BENCH_NOTE:-}"
# shellcheck disable=SC2086 # the shapes are words
bench benchmarks.ClipsBenchmark "$data" "${ROUNDS:-5}" "$docs" "$machine" ${SHAPES:-tiny small tiny/q8_0}
echo "Written: $docs/benchmarks.md, benchmarks-clips.json"
