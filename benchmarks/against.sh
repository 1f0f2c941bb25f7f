#!/bin/sh
# Parlo's engine beside that of another working tree: benchmarks/run against TREE, JVMs in turn, one table.
# SHAPES (default "tiny base small"), TURNS (4) of ROUNDS (3) each, CPU to pin to (1). Needs jq.
set -eu
. "$(dirname "$0")/common.sh"
other=${1:?the working tree to compare with, of the same benchmarks}
shapes=${SHAPES:-tiny base small}
turns=${TURNS:-4}
rounds=${ROUNDS:-3}
PIN=$(pin_to "${CPU:-1}")
kinds="window parts"

build
(cd "$other" && mvn -q -B -Pbenchmarks -pl benchmarks -am test-compile)
runs=$results/against
rm -rf "$runs" && mkdir -p "$runs"

# turn TREE LABEL NUMBER SHAPE: both benchmarks, without the peers; each tree converts into a folder of its own.
turn() {
    here=$1/benchmarks
    models=$data/against-$2
    mkdir -p "$models"
    bench benchmarks.WindowBenchmark "$models" "$4" "$rounds" 1 no-spin "$runs/$2-window-$4-$3.json" \
        "whisper.cpp q8_0" "whisper.cpp f16" 2>/dev/null
    bench benchmarks.PartsBenchmark "$models" "$4" "$rounds" 1 no-spin "$runs/$2-parts-$4-$3.json" 100 \
        "whisper.cpp q8_0" "whisper.cpp f16" 2>/dev/null
}

i=1
while [ "$i" -le "$turns" ]; do
    for shape in $shapes; do
        # Which tree comes first changes with every turn, so that a machine that warms up favours neither.
        if [ $((i % 2)) = 1 ]; then
            turn "$other" other "$i" "$shape" && turn "$root" this "$i" "$shape"
        else
            turn "$root" this "$i" "$shape" && turn "$other" other "$i" "$shape"
        fi
        echo "turn $i of $turns: $shape" >&2
    done
    i=$((i + 1))
done

# The least of all turns is what the machine can do undisturbed; the median of medians says how a run usually goes.
echo "| shape | engine | what | other, least (ms) | this, least (ms) | ratio of least | ratio of medians |"
echo "|---|---|---|---:|---:|---:|---:|"
for shape in $shapes; do
    for kind in $kinds; do
        jq -rn --arg shape "$shape" '
            def rows: [inputs | (input_filename | split("/")[-1] | split("-")[0]) as $tree
                | .milliseconds | to_entries[] | .key as $engine | .value | to_entries[]
                | {tree: $tree, engine: $engine, what: .key, min: .value.min, median: .value.median}];
            def median: sort | .[(length - 1) / 2 | floor];
            rows | group_by([.engine, .what])[]
            | (map(select(.tree == "other"))) as $o | (map(select(.tree == "this"))) as $t
            | [$shape, .[0].engine, .[0].what, ($o | map(.min) | min), ($t | map(.min) | min),
               (($t | map(.min) | min) / ($o | map(.min) | min) * 100 | round / 100),
               (($t | map(.median) | median) / ($o | map(.median) | median) * 100 | round / 100)]
            | "| " + (map(tostring) | join(" | ")) + " |"' "$runs"/*-"$kind-$shape"-*.json
    done
done | tee "$results/against.md"
