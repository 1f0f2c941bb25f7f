#!/usr/bin/python3
"""Writes a small Whisper as PyTorch's own exporter writes it to ONNX, beside the same weights as safetensors.

    /usr/bin/python3 training/export_onnx.py FOLDER OPSET

The modules are named and called as Transformers' are; the weights tell the tensor and the place, and pack well. The
two decoders are merged as Optimum merges them. engines/src/test/resources/onnx/whisper-opset*.zip are what it wrote
with Debian's python3-torch 1.13.1 and python3-onnx 1.12 (opsets 14 and 17); PublishedExportTest reads them.
"""
import json
import os
import struct
import sys

import onnx
import torch
import torch.nn.functional as F
from onnx import helper
from torch import nn

WIDTH, HEADS, LAYERS, BANDS, TOKENS = 64, 1, 1, 80, 1515
CONTROL = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|de|>", "<|translate|>", "<|transcribe|>",
           "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"]


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.k_proj = nn.Linear(WIDTH, WIDTH, bias=False)
        self.v_proj = nn.Linear(WIDTH, WIDTH)
        self.q_proj = nn.Linear(WIDTH, WIDTH)
        self.out_proj = nn.Linear(WIDTH, WIDTH)

    def split(self, x, batch):
        return x.view(batch, -1, HEADS, WIDTH // HEADS).transpose(1, 2).contiguous()

    def forward(self, x, memory=None, past=None, mask=None):
        batch, length, _ = x.size()
        q = self.split(self.q_proj(x) * (WIDTH // HEADS) ** -0.5, batch)
        if memory is not None and past is not None:
            k, v = past
        else:
            source = x if memory is None else memory
            k = self.split(self.k_proj(source), batch)
            v = self.split(self.v_proj(source), batch)
            if past is not None:
                k, v = torch.cat([past[0], k], 2), torch.cat([past[1], v], 2)
        flat = (batch * HEADS, -1, WIDTH // HEADS)
        weights = torch.bmm(q.view(*flat), k.view(*flat).transpose(1, 2))
        if mask is not None:
            weights = weights + mask
        y = torch.bmm(F.softmax(weights, -1), v.view(*flat))
        y = y.view(batch, HEADS, length, WIDTH // HEADS).transpose(1, 2).reshape(batch, length, WIDTH)
        return self.out_proj(y), (k, v)


class EncoderLayer(nn.Module):
    def __init__(self):
        super().__init__()
        self.self_attn = Attention()
        self.self_attn_layer_norm = nn.LayerNorm(WIDTH)
        self.fc1 = nn.Linear(WIDTH, 4 * WIDTH)
        self.fc2 = nn.Linear(4 * WIDTH, WIDTH)
        self.final_layer_norm = nn.LayerNorm(WIDTH)

    def feed_forward(self, x):
        return x + self.fc2(F.gelu(self.fc1(self.final_layer_norm(x))))

    def forward(self, x):
        return self.feed_forward(x + self.self_attn(self.self_attn_layer_norm(x))[0])


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv1d(BANDS, WIDTH, 3, padding=1)
        self.conv2 = nn.Conv1d(WIDTH, WIDTH, 3, stride=2, padding=1)
        self.embed_positions = nn.Embedding(1500, WIDTH)
        self.layers = nn.ModuleList([EncoderLayer() for _ in range(LAYERS)])
        self.layer_norm = nn.LayerNorm(WIDTH)

    def forward(self, input_features):
        x = F.gelu(self.conv2(F.gelu(self.conv1(input_features)))).permute(0, 2, 1)
        x = x + self.embed_positions.weight
        for layer in self.layers:
            x = layer(x)
        return self.layer_norm(x)


class DecoderLayer(EncoderLayer):
    def __init__(self):
        super().__init__()
        self.encoder_attn = Attention()
        self.encoder_attn_layer_norm = nn.LayerNorm(WIDTH)

    def forward(self, x, memory, past, mask):
        y, own = self.self_attn(self.self_attn_layer_norm(x), None, past[:2] if past else None, mask)
        x = x + y
        y, cross = self.encoder_attn(self.encoder_attn_layer_norm(x), memory, past[2:] if past else None)
        return self.feed_forward(x + y), own + cross


class Positions(nn.Embedding):
    def forward(self, ids, before):
        return self.weight[before : before + ids.shape[1]]


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed_tokens = nn.Embedding(TOKENS, WIDTH)
        self.embed_positions = Positions(448, WIDTH)
        self.layers = nn.ModuleList([DecoderLayer() for _ in range(LAYERS)])
        self.layer_norm = nn.LayerNorm(WIDTH)

    def forward(self, ids, memory, past):
        x = self.embed_tokens(ids) + self.embed_positions(ids, past[0][0].shape[2] if past else 0)
        length = ids.shape[1]
        mask = None if past else torch.triu(torch.full((length, length), -1e9), 1)
        cache = []
        for i, layer in enumerate(self.layers):
            x, new = layer(x, memory, past[i] if past else None, mask)
            cache += list(new)
        return self.layer_norm(x), cache


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = Encoder()
        self.decoder = Decoder()

    def forward(self, ids, memory, past):
        return self.decoder(ids, memory, past)


class Whisper(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = Model()
        self.proj_out = nn.Linear(WIDTH, TOKENS, bias=False)
        self.proj_out.weight = self.model.decoder.embed_tokens.weight

    def forward(self, input_ids, encoder_hidden_states, *past):
        layers = [past[4 * i : 4 * i + 4] for i in range(LAYERS)] if past else None
        x, cache = self.model(input_ids, encoder_hidden_states, layers)
        if past:
            cache = [value for i, value in enumerate(cache) if i % 4 < 2]
        return (self.proj_out(x), *cache)


def merged(first, later):
    """Two decoders as one: tensors that are equal are kept once, under another name, and both graphs are in an If."""
    shared = {}
    for i, decoder in enumerate((first, later)):
        for tensor in decoder.graph.initializer:
            if len(tensor.dims) > 1 or (len(tensor.dims) == 1 and tensor.data_type not in (6, 7)):
                shared.setdefault((tensor.data_type, tensor.raw_data, tuple(tensor.dims)), []).append((tensor.name, i))
    names, used = {}, {}
    for group in shared.values():
        common = group[-1][0]
        used[common] = used.get(common, -1) + 1
        names.update({key: f"{common}_merged_{used[common]}" for key in group})
    hoisted, kept = {}, ([], [])
    for i, decoder in enumerate((first, later)):
        for node in decoder.graph.node:
            for j, value in enumerate(node.input):
                node.input[j] = names.get((value, i), value)
        for tensor in decoder.graph.initializer:
            if (tensor.name, i) in names:
                tensor.name = names[(tensor.name, i)]
                hoisted.setdefault(tensor.name, tensor)
            else:
                kept[i].append(tensor)
    no_past, with_past = (
        helper.make_graph(decoder.graph.node, name, [], decoder.graph.output, kept[i])
        for i, (decoder, name) in enumerate(((first, "no_past"), (later, "with_past")))
    )
    either = helper.make_node(
        "If", ["use_cache_branch"], ["logits"], name="optimum::if", then_branch=with_past, else_branch=no_past
    )
    return helper.make_model(
        helper.make_graph([either], "merged", [], [], list(hoisted.values())), opset_imports=first.opset_import
    )


def safetensors(file, parameters):
    header, data = {}, b""
    for name, parameter in parameters:
        content = parameter.detach().contiguous().numpy().tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(parameter.shape),
            "data_offsets": [len(data), len(data) + len(content)],
        }
        data += content
    text = json.dumps(header).encode()
    with open(file, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + data)


def main(folder, opset):
    model = Whisper().eval()
    for k, (_, parameter) in enumerate(model.named_parameters()):
        places = torch.arange(parameter.numel()) * (2 * k + 1) + k
        parameter.data = (places % 251 - 125).float().view(parameter.shape) / 256
    graphs = os.path.join(folder, "onnx")
    os.makedirs(graphs, exist_ok=True)
    os.makedirs(os.path.join(folder, "st"), exist_ok=True)

    def export(module, inputs, name, names, axes):
        file = os.path.join(graphs, name + ".onnx")
        torch.onnx.export(module, inputs, file, opset_version=opset, input_names=names, dynamic_axes=axes)
        return file

    memory, ids = torch.randn(1, 1500, WIDTH), torch.zeros(1, 3, dtype=torch.long)
    past = [torch.randn(1, HEADS, 3 if i % 4 < 2 else 1500, WIDTH // HEADS) for i in range(4 * LAYERS)]
    names = ["input_ids", "encoder_hidden_states"] + [f"past.{i}" for i in range(4 * LAYERS)]
    export(model.model.encoder, (torch.randn(1, BANDS, 3000),), "encoder_model", ["input_features"], {})
    first = export(model, (ids, memory), "decoder_model", names[:2], {"input_ids": {1: "length"}})
    axes = {name: {2: "past"} for i, name in enumerate(names[2:]) if i % 4 < 2}
    later = export(model, (ids[:, :1], memory, *past), "decoder_with_past_model", names, axes)
    onnx.save(merged(onnx.load(first), onnx.load(later)), os.path.join(graphs, "decoder_model_merged.onnx"))
    os.remove(later)
    parameters = [(name, p) for name, p in model.named_parameters() if name != "proj_out.weight"]
    safetensors(os.path.join(folder, "st", "model.safetensors"), parameters)
    config = {
        "model_type": "whisper",
        "d_model": WIDTH,
        "encoder_layers": LAYERS,
        "decoder_layers": LAYERS,
        "num_mel_bins": BANDS,
        "vocab_size": TOKENS,
    }
    text = ["a", "b", "ab", "Ġ"]
    tokenizer = {
        "model": {"type": "BPE", "vocab": {token: i for i, token in enumerate(text)}, "merges": ["a b"]},
        "added_tokens": [{"id": len(text) + i, "content": t, "special": True} for i, t in enumerate(CONTROL)],
    }
    for place in (folder, os.path.join(folder, "st")):
        for name, content in (("config.json", config), ("tokenizer.json", tokenizer)):
            with open(os.path.join(place, name), "w", encoding="utf-8") as out:
                json.dump(content, out)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
