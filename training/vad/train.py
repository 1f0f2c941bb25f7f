#!/usr/bin/env python3
"""Trains the network of NanoVad: 672 -> 48 -> 24 -> 1, on the judgement of Silero.

Reads AUDIO/*.pcm with AUDIO/*.prob beside them (float32, one probability a window) and writes the
weights as NanoNetwork reads them.
"""

import argparse
from pathlib import Path

import numpy as np

from features import features, with_context

SIZES = (48, 24, 1)


def load(folder):
    rows, labels = [], []
    for file in sorted(folder.glob("*.pcm")):
        heard = features(np.fromfile(file, "<i2"))
        rows.append(with_context(heard))
        labels.append(np.fromfile(file.with_suffix(".prob"), "<f4")[: len(heard)])
    return np.concatenate(rows), np.concatenate(labels)


def forward(layers, x):
    """The values before and after each layer."""
    values = [x]
    for i, (w, b) in enumerate(layers):
        z = values[-1] @ w + b
        values.append(1 / (1 + np.exp(-z)) if i == len(layers) - 1 else np.maximum(z, 0))
    return values


def gradients(layers, values, labels):
    # The cross-entropy's slope at the sigmoid's input.
    slope = (values[-1] - labels[:, None]) / len(labels)
    found = []
    for i in range(len(layers) - 1, -1, -1):
        found.append((values[i].T @ slope, slope.sum(0)))
        if i:
            slope = (slope @ layers[i][0].T) * (values[i] > 0)
    return found[::-1]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("audio", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--epochs", type=int, default=16)
    parser.add_argument(
        "--speech", type=float, default=1.5, help="what missed speech counts beside a false alarm"
    )
    options = parser.parse_args()
    x, y = load(options.audio)
    mean, spread = x.mean(0), x.std(0) + 1e-3
    x = ((x - mean) / spread).astype(np.float32)
    rng = np.random.default_rng(1)
    layers = []
    size = x.shape[1]
    for outputs in SIZES:
        w = rng.standard_normal((size, outputs)) * np.sqrt((1 if size > 100 else 2) / size)
        layers.append([w.astype(np.float32), np.zeros(outputs, np.float32)])
        size = outputs
    # Adam.
    first = [[np.zeros_like(p) for p in layer] for layer in layers]
    second = [[np.zeros_like(p) for p in layer] for layer in layers]
    step = 0
    for epoch in range(options.epochs):
        rate = 2e-3 * (1 - epoch / options.epochs) + 1e-4
        loss = 0
        order = rng.permutation(len(x))
        for at in range(0, len(order), 512):
            batch = order[at : at + 512]
            jitter = rng.standard_normal((len(batch), x.shape[1])).astype(np.float32)
            values = forward(layers, x[batch] + 0.05 * jitter)
            step += 1
            for i, pair in enumerate(gradients(layers, values, y[batch])):
                for j, g in enumerate(pair):
                    g = g + 1e-5 * layers[i][j]
                    first[i][j] += 0.1 * (g - first[i][j])
                    second[i][j] += 0.001 * (g * g - second[i][j])
                    m = first[i][j] / (1 - 0.9**step)
                    v = second[i][j] / (1 - 0.999**step)
                    layers[i][j] -= rate * m / (np.sqrt(v) + 1e-8)
            p = np.clip(values[-1][:, 0], 1e-7, 1 - 1e-7)
            loss -= (y[batch] * np.log(p) + (1 - y[batch]) * np.log(1 - p)).sum()
        print(f"epoch {epoch}: {loss / len(x):.4f}", flush=True)
    # The normalisation becomes part of the first layer.
    w, b = layers[0]
    layers[0] = [w / spread[:, None], b - (mean / spread) @ w]
    layers[-1][1] += np.float32(np.log(options.speech))
    with open(options.out, "wb") as out:
        for w, b in layers:
            out.write(np.ascontiguousarray(w.T, "<f4").tobytes())
            out.write(np.ascontiguousarray(b, "<f4").tobytes())


if __name__ == "__main__":
    main()
