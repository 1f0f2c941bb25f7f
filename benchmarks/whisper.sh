#!/bin/sh
# Times Parlo's engine beside whisper.cpp on generated models and writes docs/benchmarks.md's tables.
# SHAPES (default "tiny base small"), ROUNDS (5), CPU to pin to (1), BENCH_NOTE for the heading.
set -eu
. "$(dirname "$0")/common.sh"
shapes=${SHAPES:-tiny base small}
rounds=${ROUNDS:-5}
build
PIN=$(pin_to "${CPU:-1}")
for shape in $shapes; do
    bench benchmarks.PartsBenchmark "$data" "$shape" "$rounds" 1 no-spin "$results/parts-$shape.json"
    bench benchmarks.WindowBenchmark "$data" "$shape" "$rounds" 1 no-spin "$results/window-$shape.json"
    # A cache of its own, so that the first process converts and the second does not.
    rm -rf "$data/converted"
    HEAP=256m bench benchmarks.MemoryProbe "$data" "$shape" parlo-int8 "$results/memory-$shape-1-parlo-int8-first.json"
    for engine in parlo-int8 ggml-q8_0 ggml-f16 none; do
        HEAP=256m bench benchmarks.MemoryProbe "$data" "$shape" "$engine" "$results/memory-$shape-2-$engine.json"
    done
done
PIN=
bench benchmarks.ScalingBenchmark "$data" "${SCALING_SHAPE:-base}" "$rounds" "$results/scaling-${SCALING_SHAPE:-base}.json"
load=$(cut -d' ' -f1-3 /proc/loadavg)
model=$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2-)
machine="$(nproc) cores of$model, JDK $("$JAVA_HOME/bin/java" -version 2>&1 | head -1 | cut -d'"' -f2), $(date +%Y-%m-%d), load at the end $load, pinned to one core. ${BENCH_NOTE:-}"
bench benchmarks.Report "$results" "$root/docs" "$machine"
bench benchmarks.Pictures "$root/docs"
echo "Written: docs/benchmarks.md, docs/benchmarks.json and its picture"
