#!/usr/bin/env python3
"""Trains the network: cross-entropy of the decoder plus an auxiliary CTC loss of the encoder.

Several single-threaded processes compute a share of each batch and average their gradients
through shared memory. Train in stages, each starting from the last one's result (--init): short
windows first, 30-second windows last.
"""
import argparse
import math
import os
import random
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import torch
import torch.multiprocessing as processes
import torch.nn.functional as F

import evaluate
import model as network
from dataset import IGNORED, Labels, Shards, make_batch
from features import HOP, log_mel
from tokenizer import Tokenizer


def learning_rate(options, step, progress):
    """Linear warm-up, then a cosine from `lr` to `lr * final`."""
    cosine = 0.5 * (1 + math.cos(math.pi * progress))
    warm_up = min(1, (step + 1) / options.warm_up)
    return options.lr * warm_up * (options.final + (1 - options.final) * cosine)


def disturb_features(mel, ends, rnd, options):
    """At times zeros after the end of the speech, as faster-whisper pads, or a band blanked out."""
    for item, end in enumerate(ends):
        if end is not None and rnd.random() < options.zero_padding:
            mel[item, :, min(mel.shape[2], end // HOP + rnd.randint(3, 60)) :] = 0.0
    if rnd.random() < 0.6 * options.augmentation:
        band = rnd.randrange(72)
        mel[:, band : band + rnd.randint(1, 8)] = mel.mean()
    return mel


def losses(model, batch, mel, ctc_weight):
    """(cross-entropy, CTC loss); matrices are multiplied in bfloat16."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        audio = model.encode(mel)
        logits = model.decode(batch.inputs, audio)
        letter_logits = model.ctc(audio)
    cross_entropy = F.cross_entropy(
        logits.float().flatten(0, 1), batch.labels.flatten(), ignore_index=IGNORED, label_smoothing=0.05
    )
    items = [i for i, letters in enumerate(batch.letters) if letters]
    if ctc_weight == 0 or not items:
        return cross_entropy, torch.zeros(())
    ctc = F.ctc_loss(
        letter_logits[items].float().log_softmax(-1).transpose(0, 1),
        torch.tensor([letter for i in items for letter in batch.letters[i]]),
        torch.full((len(items),), letter_logits.shape[1]),
        torch.tensor([len(batch.letters[i]) for i in items]),
        zero_infinity=True,
    )
    return cross_entropy, ctc


def average_gradients(parameters, shared, rank, barrier):
    """Leaves the mean over all processes, its norm cut to 1; False where it is not finite."""
    shared[rank].copy_(torch.cat([
        (p.grad if p.grad is not None else torch.zeros_like(p)).flatten() for p in parameters
    ]))
    barrier.wait()
    mean = shared.mean(0)
    barrier.wait()
    norm = float(mean.norm())
    if norm > 1:
        mean /= norm
    start = 0
    for p in parameters:
        p.grad = mean[start : start + p.numel()].view_as(p)
        start += p.numel()
    return math.isfinite(norm) and norm < 1e4


def work(rank, options, shape, shared, progress, barrier):
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    model = network.load(options.init, options.dropout) if options.init else network.Whisper(shape, options.dropout)
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW(parameters, lr=options.lr, betas=(0.9, 0.98), weight_decay=0.01)
    tokenizer = Tokenizer(options.tokenizer)
    shards = Shards(options.data, options.augmentation)
    labels = Labels(tokenizer, [text for text, *_ in shards.utterances], options.prompts)
    own_random = random.Random(options.seed * 7 + rank + 1)
    common_random = random.Random(options.seed)
    started, step, seen = time.monotonic(), 0, []
    while True:
        if rank == 0:
            progress[0] = (time.monotonic() - started) / 60 / options.minutes
            if options.steps:
                progress[0] = step / options.steps
        barrier.wait()
        if progress[0] >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(options, step, float(progress[0]))
        seconds = common_random.choice(options.seconds)
        # Longer windows come in smaller batches, of about the same cost.
        share = options.batch / options.workers * (options.seconds[0] / seconds) ** 1.2
        batch = make_batch(shards, labels, own_random, max(2, round(share)), seconds)
        mel = disturb_features(log_mel(batch.samples), batch.ends, own_random, options)
        cross_entropy, ctc = losses(model, batch, mel, options.ctc)
        optimizer.zero_grad()
        (cross_entropy + options.ctc * ctc).backward()
        if average_gradients(parameters, shared, rank, barrier):
            optimizer.step()
        step += 1
        seen.append((cross_entropy.item(), float(ctc)))
        if rank == 0 and step % options.report == 0:
            recent = torch.tensor(seen[-options.report :]).mean(0)
            pace = (time.monotonic() - started) / step
            print(f"step {step} loss {recent[0]:.3f} ctc {recent[1]:.3f} {pace:.2f} s/step", flush=True)
        if rank == 0 and step % options.every == 0:
            network.save(model, options.out)
            report(model, tokenizer, options)
    if rank == 0:
        network.save(model, options.out)
        print(f"{step} steps")
        report(model, tokenizer, options)


def report(model, tokenizer, options):
    if options.eval:
        rate = evaluate.word_error_rate(
            model, tokenizer, Shards([options.eval], options.augmentation), options.seconds[0], options.eval_windows
        )[0]
        print(f"word error rate {rate:.3f} on windows of {options.seconds[0]:g} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", nargs="+", required=True, help="shards to train on")
    parser.add_argument("--eval", help="shard of held-out sentences; its word error rate is printed")
    parser.add_argument("--eval-windows", type=int, default=48)
    parser.add_argument("--tokenizer", default="tokenizer/tokenizer.json")
    parser.add_argument("--init", help="model to start from (default: random weights)")
    parser.add_argument("--out", default="model.pt")
    parser.add_argument("--width", type=int, default=192, help="a multiple of 64")
    parser.add_argument("--encoder-layers", type=int, default=4)
    parser.add_argument("--decoder-layers", type=int, default=3)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, default=30)
    length.add_argument("--steps", type=int)
    parser.add_argument("--seconds", type=float, nargs="+", default=[6], help="window lengths, drawn at random")
    parser.add_argument("--batch", type=int, default=20, help="windows of the first length per step")
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--final", type=float, default=0.1, help="last learning rate, as a share of the first")
    parser.add_argument("--warm-up", type=int, default=100, help="steps")
    parser.add_argument("--ctc", type=float, default=0.5, help="weight of the CTC loss")
    parser.add_argument("--dropout", type=float, default=0.05)
    parser.add_argument("--prompts", type=float, default=0.4, help="share of windows with earlier text")
    parser.add_argument("--zero-padding", type=float, default=0.0, help="share of windows with zero features after the end")
    parser.add_argument("--augmentation", type=float, default=1.0)
    parser.add_argument("--workers", type=int, default=2, help="processes, one thread each")
    parser.add_argument("--every", type=int, default=1000, help="steps between two saves")
    parser.add_argument("--report", type=int, default=50, help="steps between two lines")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()

    shape = network.Shape(
        Tokenizer(options.tokenizer).size, options.width, options.encoder_layers, options.decoder_layers
    )
    size = sum(p.numel() for p in network.Whisper(shape).parameters())
    if options.init:
        size = sum(p.numel() for p in network.load(options.init).parameters())
    print(f"{size / 1e6:.2f} million parameters")
    shared = torch.zeros(options.workers, size).share_memory_()
    progress = torch.zeros(1, dtype=torch.float64).share_memory_()
    barrier = processes.get_context("spawn").Barrier(options.workers)
    processes.spawn(work, (options, shape, shared, progress, barrier), nprocs=options.workers)


if __name__ == "__main__":
    main()
