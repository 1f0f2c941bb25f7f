#!/bin/sh
# Where the time goes in ten minutes of audio with the built-in model, on one thread.
set -eu
. "$(dirname "$0")/common.sh"
build
PIN=$(pin_to "${CPU:-1}")
# RECORDINGS: files to repeat; the samples of the repository by default
bench engine.whisper.FileBenchmark "$root/models/parlo/whisper-nano.en" "$data" "$results/script-file.json" \
    ${RECORDINGS:-"$root"/samples/*.flac}
