#!/bin/sh
# What a 10-s clip costs alone and as one of eight, part by part, and how much eight can gain at most (a minute; SHAPE: tiny, ROUNDS: 9, THREADS: 2).
# Written to DOCS (docs/).
set -eu
. "$(dirname "$0")/common.sh"
threads=${THREADS:-2}
docs=${DOCS:-$root/docs}
build
model=$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2-)
machine="$(nproc) cores of$model, JDK $("$JAVA_HOME/bin/java" -version 2>&1 | head -1 | cut -d'"' -f2), $(date +%Y-%m-%d), $threads threads, load at the start $(cut -d' ' -f1-3 /proc/loadavg). ${BENCH_NOTE:-}"
bench benchmarks.BudgetBenchmark "$data" "${SHAPE:-tiny}" "${ROUNDS:-9}" "$threads" "$docs" "$machine"
echo "Written: $docs/benchmarks.md, benchmarks-budget.json"
