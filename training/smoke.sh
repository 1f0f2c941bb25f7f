#!/bin/sh
# Runs every step of the recipe at a tiny scale, in a folder of its own: proves that it runs, not that it learns.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-/usr/bin/python3}
work=${1:-$(mktemp -d)}
mkdir -p "$work"
cd "$work"
step() { echo "== $*"; "$python" "$here/$@"; }
step texts.py --limit 3000 --held-out 200
step synthesize.py train0 --utterances 60 --seed 100
step synthesize.py eval0 --utterances 12 --split eval --seed 1
step train_tokenizer.py --size 400
step train.py --data train0 --eval eval0 --eval-windows 4 --width 64 --encoder-layers 1 --decoder-layers 1 \
    --seconds 4 --batch 8 --steps 30 --warm-up 10 --report 10 --out stage1.pt
step train.py --data train0 --init stage1.pt --seconds 30 10 --batch 4 --steps 6 --zero-padding 0.5 \
    --report 2 --out model.pt
step evaluate.py --model model.pt --data eval0 --seconds 6 --windows 6 --examples 1
for type in float16 int8; do step export.py model.pt "checkpoint-$type" --type "$type"; done
step import_checkpoint.py checkpoint-float16 again.pt
step export.py again.pt checkpoint-again
cmp checkpoint-float16/model.bin checkpoint-again/model.bin
echo "Everything ran; the result is in $work"
