"""Reads CTranslate2's model.bin with numpy alone."""
import struct
from pathlib import Path

import numpy as np

# Element types and their numbers in the file.
DTYPES = {"float32": 0, "int8": 1, "int16": 2, "int32": 3, "float16": 4}


def read_binary(path):
    """Variables of a model.bin of version 4 to 6, by name; int8 weights are multiplied out."""
    data = memoryview(Path(path).read_bytes())
    position = 0

    def take(layout):
        nonlocal position
        values = struct.unpack_from("<" + layout, data, position)
        position += struct.calcsize("<" + layout)
        return values if len(values) > 1 else values[0]

    def take_text():
        return take(f"{take('H')}s")[:-1].decode()

    version = take("I")
    if not 4 <= version <= 6:
        raise SystemExit(f"{path} has version {version}; 4 to 6 can be read")
    take_text()
    take("I")
    types = {number: np.dtype(name) for name, number in DTYPES.items()}
    variables = {}
    for _ in range(take("I")):
        name = take_text()
        dims = [take("I") for _ in range(take("B"))]
        kind, size = take("BI")
        variables[name] = np.frombuffer(data[position : position + size], types[kind]).reshape(dims)
        position += size
    for name, scale in [item for item in variables.items() if item[0].endswith("_scale")]:
        weight = name[: -len("_scale")]
        variables[weight] = variables[weight].astype(np.float32) / scale.reshape(-1, *[1] * (variables[weight].ndim - 1))
    return variables


def layers(variables, side):
    return len({name.split("/")[1] for name in variables if name.startswith(f"{side}/layer_") and name.count("/") > 2})
