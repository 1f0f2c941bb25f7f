#!/usr/bin/env python3
"""Turns a CTranslate2 checkpoint back into a network, to train it further (train.py --init)."""
import argparse
from pathlib import Path

import numpy as np
import torch

import model as network
from binary import layers, read_binary


class Weights:
    """A network's state, filled from variables; the counterpart of export.py's Variables."""

    def __init__(self, variables, state):
        self.variables = variables
        self.state = state

    def fill(self, shape):
        self._linear("encoder/conv1", "conv1")
        self._linear("encoder/conv2", "conv2")
        self._put("audio_positions", self.variables["encoder/position_encodings/encodings"])
        self._put("text_positions", self.variables["decoder/position_encodings/encodings"])
        self._put("embedding.weight", self.variables["decoder/embeddings/weight"])
        for side, count in (("encoder", shape.encoder_layers), ("decoder", shape.decoder_layers)):
            self._norm(f"{side}/layer_norm", f"{side}_norm")
            for layer in range(count):
                self._block(f"{side}/layer_{layer}", f"{side}.{layer}", side == "decoder")

    def _block(self, name, target, decoder):
        self._norm(f"{name}/self_attention/layer_norm", f"{target}.self_norm")
        own = f"{target}.self_attention"
        self._linear(f"{name}/self_attention/linear_0", f"{own}.query", f"{own}.key", f"{own}.value")
        self._linear(f"{name}/self_attention/linear_1", f"{own}.out")
        if decoder:
            cross = f"{target}.cross_attention"
            self._norm(f"{name}/attention/layer_norm", f"{target}.cross_norm")
            self._linear(f"{name}/attention/linear_0", f"{cross}.query")
            self._linear(f"{name}/attention/linear_1", f"{cross}.key", f"{cross}.value")
            self._linear(f"{name}/attention/linear_2", f"{cross}.out")
        self._norm(f"{name}/ffn/layer_norm", f"{target}.ffn_norm")
        self._linear(f"{name}/ffn/linear_0", f"{target}.ffn_in")
        self._linear(f"{name}/ffn/linear_1", f"{target}.ffn_out")

    def _linear(self, name, *targets):
        weights = np.split(self.variables[name + "/weight"], len(targets))
        biases = np.split(self.variables[name + "/bias"], len(targets))
        for target, weight, bias in zip(targets, weights, biases):
            self._put(target + ".weight", weight)
            if target + ".bias" in self.state:
                self._put(target + ".bias", bias)

    def _norm(self, name, target):
        self._put(target + ".weight", self.variables[name + "/gamma"])
        self._put(target + ".bias", self.variables[name + "/beta"])

    def _put(self, name, value):
        if self.state[name].shape != value.shape:
            raise SystemExit(f"{name} is {list(value.shape)} in the checkpoint, not {list(self.state[name].shape)}")
        self.state[name] = torch.tensor(value.astype(np.float32))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", help="folder with a model.bin, of float types or int8")
    parser.add_argument("out", help="network to write, .pt; the CTC head starts at random")
    options = parser.parse_args()
    variables = read_binary(Path(options.checkpoint, "model.bin"))
    vocabulary, width = variables["decoder/embeddings/weight"].shape
    shape = network.Shape(
        vocabulary, width, layers(variables, "encoder"), layers(variables, "decoder"),
        variables["encoder/conv1/weight"].shape[1],
    )
    if int(variables["encoder/num_heads"]) != shape.heads:
        raise SystemExit(f"Heads of {network.HEAD_WIDTH} are expected")
    model = network.Whisper(shape)
    state = model.state_dict()
    Weights(variables, state).fill(shape)
    model.load_state_dict(state)
    network.save(model, options.out)
    print(f"{options.out}: {shape}")


if __name__ == "__main__":
    main()
