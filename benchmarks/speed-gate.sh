#!/bin/sh
# This version beside an earlier one: benchmarks/run speed-gate BASE [NEW]; each a commit, a folder or a release's .tar.gz.
# Builds both outside of the source tree, runs them in turn on this machine, prints a table, exits 1 where this one is
# slower than BAND percent (10) beyond what the machine's noise is. ROUNDS (7) of REQUESTS (3). NEW is HEAD.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
base=${1:?"usage: benchmarks/run speed-gate BASE [NEW], each a commit, a folder with parlo in it, or parlo-VERSION.tar.gz"}
work=$here/target/speed-gate
results=${BENCH_RESULTS:-$here/target/results}
mkdir -p "$work" "$results"

# prepared WHAT: the folder of a version that has been built; commits are built once.
prepared() {
    if [ -d "$1" ]; then
        folder=$(cd "$1" && pwd)
    elif [ -f "$1" ]; then
        folder=$work/$(sha256sum "$1" | cut -c 1-12)
        mkdir -p "$folder"
        tar -x -z -f "$1" -C "$folder" --strip-components=1
    else
        commit=$(git -C "$root" rev-parse --verify --quiet "$1^{commit}") || {
            echo "speed-gate: '$1' is neither a commit, a folder nor an archive" >&2
            exit 2
        }
        folder=$work/$(echo "$commit" | cut -c 1-12)
        if [ ! -d "$folder" ]; then
            part=$folder.part # whole or not there: what was ended in the middle is not taken for it
            rm -rf "$part"
            mkdir -p "$part"
            git -C "$root" archive -o "$part.tar" "$commit"
            tar -x -f "$part.tar" -C "$part"
            rm "$part.tar"
            mv "$part" "$folder"
        fi
    fi
    "$folder/parlo" --help >/dev/null # builds a source tree, and says on its errors that it does
    echo "$folder"
}

base_folder=$(prepared "$base")
new_folder=$(prepared "${2:-HEAD}")
exec python3 "$here/speed-gate.py" --base "$base_folder" --new "$new_folder" --samples "$root/samples" \
    --json "$results/speed-gate.json" --rounds "${ROUNDS:-7}" --requests "${REQUESTS:-3}" --band "${BAND:-10}"
