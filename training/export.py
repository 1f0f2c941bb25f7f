#!/usr/bin/env python3
"""Writes a trained network as a CTranslate2 Whisper checkpoint: model.bin and its JSON files."""
import argparse
import json
import shutil
import struct
from pathlib import Path

import numpy as np

import model as network
from binary import DTYPES

BINARY_VERSION = 6
SPEC_REVISION = 3
# Attributes that the format wants and that never differ for Whisper; activation 3 is GELU.
DECODER_ATTRIBUTES = {
    "pre_norm": np.int8(1),
    "activation": np.int8(3),
    "alignment_layer": np.int16(-1),
    "alignment_heads": np.int16(1),
    "scale_embeddings": np.int8(0),
    "start_from_zero_embedding": np.int8(0),
    "alibi": np.int8(0),
}


class Variables:
    """Renames the network's parameters to CTranslate2's variables, each float32."""

    def __init__(self, model):
        self.weights = {name: tensor.numpy() for name, tensor in model.state_dict().items()}
        self.all = {}
        heads = np.int16(model.shape.heads)
        self.all["encoder/num_heads"] = self.all["decoder/num_heads"] = heads
        for name, value in DECODER_ATTRIBUTES.items():
            self.all["decoder/" + name] = value
        for conv in ("conv1", "conv2"):
            self._linear(f"encoder/{conv}", conv)
        self.all["encoder/position_encodings/encodings"] = self.weights["audio_positions"]
        self.all["decoder/position_encodings/encodings"] = self.weights["text_positions"]
        self.all["decoder/embeddings/weight"] = self.weights["embedding.weight"]
        for side, layers in (("encoder", model.shape.encoder_layers), ("decoder", model.shape.decoder_layers)):
            self._norm(f"{side}/layer_norm", f"{side}_norm")
            for layer in range(layers):
                self._block(f"{side}/layer_{layer}", f"{side}.{layer}", side == "decoder")

    def _block(self, name, source, decoder):
        self._norm(f"{name}/self_attention/layer_norm", f"{source}.self_norm")
        own = f"{source}.self_attention"
        self._linear(f"{name}/self_attention/linear_0", f"{own}.query", f"{own}.key", f"{own}.value")
        self._linear(f"{name}/self_attention/linear_1", f"{own}.out")
        if decoder:
            cross = f"{source}.cross_attention"
            self._norm(f"{name}/attention/layer_norm", f"{source}.cross_norm")
            self._linear(f"{name}/attention/linear_0", f"{cross}.query")
            self._linear(f"{name}/attention/linear_1", f"{cross}.key", f"{cross}.value")
            self._linear(f"{name}/attention/linear_2", f"{cross}.out")
        self._norm(f"{name}/ffn/layer_norm", f"{source}.ffn_norm")
        self._linear(f"{name}/ffn/linear_0", f"{source}.ffn_in")
        self._linear(f"{name}/ffn/linear_1", f"{source}.ffn_out")

    def _linear(self, name, *sources):
        """Stacks the rows of several layers; a missing bias (of the keys) becomes zeros."""
        weights = [self.weights[f"{source}.weight"] for source in sources]
        biases = [
            self.weights.get(f"{source}.bias", np.zeros(len(weight), np.float32))
            for source, weight in zip(sources, weights)
        ]
        self.all[name + "/weight"] = np.concatenate(weights)
        self.all[name + "/bias"] = np.concatenate(biases)

    def _norm(self, name, source):
        self.all[name + "/gamma"] = self.weights[source + ".weight"]
        self.all[name + "/beta"] = self.weights[source + ".bias"]


def stored(variables, kind):
    """The variables in the types of a storage kind; int8 weights get a scale per row."""
    rest = np.float32 if kind in ("float32", "int8") else np.float16
    result = {}
    for name, value in variables.items():
        if np.ndim(value) == 0:
            result[name] = np.asarray(value)
        elif kind.startswith("int8") and name.endswith("/weight") and "conv" not in name:
            largest = np.abs(value).max(axis=1)
            largest[largest == 0] = 127
            scale = (127 / largest).astype(np.float32)
            result[name] = np.rint(value * scale[:, None]).astype(np.int8)
            result[name + "_scale"] = scale
        else:
            result[name] = value.astype(rest)
    return result


def text(value):
    return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"


def write_binary(path, variables):
    with open(path, "wb") as out:
        out.write(struct.pack("<I", BINARY_VERSION) + text("WhisperSpec"))
        out.write(struct.pack("<II", SPEC_REVISION, len(variables)))
        for name in sorted(variables):
            value = variables[name]
            out.write(text(name) + struct.pack("<B", value.ndim))
            out.write(struct.pack(f"<{value.ndim}I", *value.shape))
            out.write(struct.pack("<BI", DTYPES[str(value.dtype)], value.nbytes))
            out.write(np.ascontiguousarray(value).tobytes())
        # The output matrix is the embedding.
        out.write(struct.pack("<I", 1) + text("decoder/projection/weight") + text("decoder/embeddings/weight"))


def config(vocabulary, alignment_heads):
    ids = {token: i for i, token in enumerate(vocabulary)}
    return {
        "alignment_heads": alignment_heads,
        "lang_ids": list(range(ids["<|en|>"], ids["<|translate|>"])),
        "suppress_ids": [],
        "suppress_ids_begin": [ids["Ġ"], ids["<|endoftext|>"]],
    }


FEATURES = {
    "chunk_length": 30,
    "feature_extractor_type": "WhisperFeatureExtractor",
    "feature_size": 80,
    "hop_length": 160,
    "n_fft": 400,
    "n_samples": 480000,
    "nb_max_frames": 3000,
    "sampling_rate": 16000,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="written by train.py")
    parser.add_argument("out", help="folder to write")
    parser.add_argument("--type", choices=["float32", "float16", "int8", "int8_float16"], default="float16")
    parser.add_argument("--tokenizer", default="tokenizer", help="folder of train_tokenizer.py")
    parser.add_argument(
        "--alignment-heads", type=json.loads, help="[[layer, head], ...] for word times (default: the last layer's)"
    )
    options = parser.parse_args()
    model = network.load(options.model)
    shape = model.shape
    heads = options.alignment_heads or [[shape.decoder_layers - 1, head] for head in range(shape.heads)]
    out, tokenizer = Path(options.out), Path(options.tokenizer)
    out.mkdir(parents=True, exist_ok=True)
    write_binary(out / "model.bin", stored(Variables(model).all, options.type))
    vocabulary = json.loads((tokenizer / "vocabulary.json").read_text())
    (out / "config.json").write_text(json.dumps(config(vocabulary, heads), indent=2))
    (out / "preprocessor_config.json").write_text(json.dumps(FEATURES, indent=2))
    for name in ("vocabulary.json", "tokenizer.json"):
        shutil.copy(tokenizer / name, out)
    print(f"{out}: {(out / 'model.bin').stat().st_size} bytes of weights")


if __name__ == "__main__":
    main()
