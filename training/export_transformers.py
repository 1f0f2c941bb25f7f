#!/usr/bin/env python3
"""Writes a CTranslate2 Whisper checkpoint as the Transformers library keeps it; needs numpy only."""
import argparse
import json
import shutil
import struct
from pathlib import Path

import numpy as np

from binary import layers, read_binary

TYPES = {"float32": ("F32", np.float32), "float16": ("F16", np.float16), "bfloat16": ("BF16", None)}


class Tensors:
    """CTranslate2's variables under Transformers' names; the counterpart of export.py's Variables."""

    def __init__(self, variables):
        self.variables = variables
        self.all = {}
        for conv in ("conv1", "conv2"):
            self._linear(f"encoder/{conv}", f"encoder.{conv}")
        self._put("decoder.embed_tokens.weight", variables["decoder/embeddings/weight"])
        for side in ("encoder", "decoder"):
            self._put(f"{side}.embed_positions.weight", variables[f"{side}/position_encodings/encodings"])
            self._norm(f"{side}/layer_norm", f"{side}.layer_norm")
            for layer in range(layers(variables, side)):
                self._block(f"{side}/layer_{layer}", f"{side}.layers.{layer}", side == "decoder")

    def _block(self, name, target, decoder):
        self._norm(f"{name}/self_attention/layer_norm", f"{target}.self_attn_layer_norm")
        own = f"{target}.self_attn"
        self._linear(f"{name}/self_attention/linear_0", f"{own}.q_proj", f"{own}.k_proj", f"{own}.v_proj")
        self._linear(f"{name}/self_attention/linear_1", f"{own}.out_proj")
        if decoder:
            self._norm(f"{name}/attention/layer_norm", f"{target}.encoder_attn_layer_norm")
            cross = f"{target}.encoder_attn"
            self._linear(f"{name}/attention/linear_0", f"{cross}.q_proj")
            self._linear(f"{name}/attention/linear_1", f"{cross}.k_proj", f"{cross}.v_proj")
            self._linear(f"{name}/attention/linear_2", f"{cross}.out_proj")
        self._norm(f"{name}/ffn/layer_norm", f"{target}.final_layer_norm")
        self._linear(f"{name}/ffn/linear_0", f"{target}.fc1")
        self._linear(f"{name}/ffn/linear_1", f"{target}.fc2")

    def _linear(self, name, *targets):
        weights = np.split(self.variables[name + "/weight"], len(targets))
        biases = np.split(self.variables[name + "/bias"], len(targets))
        for target, weight, bias in zip(targets, weights, biases):
            self._put(target + ".weight", weight)
            if not target.endswith(".k_proj"):  # Whisper's keys have none
                self._put(target + ".bias", bias)

    def _norm(self, name, target):
        self._put(target + ".weight", self.variables[name + "/gamma"])
        self._put(target + ".bias", self.variables[name + "/beta"])

    def _put(self, name, value):
        self.all["model." + name] = value


def stored(value, kind):
    if kind == "bfloat16":  # numpy has none: the upper half of a float32, rounded to the nearest even
        bits = np.ascontiguousarray(value, np.float32).view(np.uint32)
        return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype(np.uint16).tobytes()
    return np.ascontiguousarray(value, TYPES[kind][1]).tobytes()


def write_safetensors(path, tensors, kind):
    header, position = {"__metadata__": {"format": "pt"}}, 0
    contents = {name: stored(value, kind) for name, value in tensors.items()}
    for name, content in contents.items():
        offsets = [position, position + len(content)]
        header[name] = {"dtype": TYPES[kind][0], "shape": list(tensors[name].shape), "data_offsets": offsets}
        position = offsets[1]
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text)
        out.writelines(contents.values())


def config(variables):
    vocabulary, width = variables["decoder/embeddings/weight"].shape
    heads = int(variables["encoder/num_heads"])
    inner = len(variables["encoder/layer_0/ffn/linear_0/weight"])
    return {
        "architectures": ["WhisperForConditionalGeneration"],
        "model_type": "whisper",
        "activation_function": "gelu",
        "d_model": width,
        "encoder_layers": layers(variables, "encoder"),
        "decoder_layers": layers(variables, "decoder"),
        "encoder_attention_heads": heads,
        "decoder_attention_heads": heads,
        "encoder_ffn_dim": inner,
        "decoder_ffn_dim": inner,
        "num_mel_bins": variables["encoder/conv1/weight"].shape[1],
        "max_source_positions": len(variables["encoder/position_encodings/encodings"]),
        "max_target_positions": len(variables["decoder/position_encodings/encodings"]),
        "vocab_size": vocabulary,
    }


def generation(converted, vocabulary):
    ids = {token: i for i, token in enumerate(vocabulary)}
    return {
        "alignment_heads": converted["alignment_heads"],
        "begin_suppress_tokens": converted["suppress_ids_begin"],
        "decoder_start_token_id": ids["<|startoftranscript|>"],
        "eos_token_id": ids["<|endoftext|>"],
        "no_timestamps_token_id": ids["<|notimestamps|>"],
        "lang_to_id": {vocabulary[i]: i for i in converted["lang_ids"]},
        "task_to_id": {task: ids[f"<|{task}|>"] for task in ("transcribe", "translate")},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", help="folder with model.bin, config.json, tokenizer.json, vocabulary.json")
    parser.add_argument("out", help="folder to write")
    parser.add_argument("--type", choices=TYPES, default="float32")
    options = parser.parse_args()
    source, out = Path(options.checkpoint), Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    variables = read_binary(source / "model.bin")
    write_safetensors(out / "model.safetensors", Tensors(variables).all, options.type)
    (out / "config.json").write_text(json.dumps(config(variables), indent=2))
    converted = json.loads((source / "config.json").read_text())
    vocabulary = json.loads((source / "vocabulary.json").read_text())
    (out / "generation_config.json").write_text(json.dumps(generation(converted, vocabulary), indent=2))
    for name in ("tokenizer.json", "preprocessor_config.json"):
        shutil.copyfile(source / name, out / name)
    print(f"{out}: {(out / 'model.safetensors').stat().st_size} bytes of weights")


if __name__ == "__main__":
    main()
