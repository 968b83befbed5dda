"""TensorFlow Lite and TensorFlow.js models to ONNX, by way of tf2onnx."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import onnx
from onnx import ModelProto

OPSET = 17

# tf2onnx 1.17 still asks NumPy for a name that NumPy 2 took away
_RUN = (
    "import numpy as np\n"
    "np.product = getattr(np, 'product', np.prod)\n"
    "import tf2onnx.convert\n"
    "tf2onnx.convert.main()\n"
)

_KEPT = {
    "Conv2D": ("T", "strides", "padding", "data_format", "dilations", "explicit_paddings"),
    "DepthwiseConv2dNative": (
        "T", "strides", "padding", "data_format", "dilations", "explicit_paddings",
    ),
    "MatMul": ("T", "transpose_a", "transpose_b"),
}  # fmt: skip
_FUSED = {
    "_FusedConv2D": "Conv2D",
    "FusedDepthwiseConv2dNative": "DepthwiseConv2dNative",
    "_FusedMatMul": "MatMul",
}
_FLOAT = {"T": {"type": "DT_FLOAT"}}

Node = dict[str, Any]
"""One node of a TensorFlow.js graph, as JSON has it."""


def from_tflite(path: Path, folder: Path) -> ModelProto:
    """Convert a .tflite file; intermediate files go to ``folder``."""
    return _convert("--tflite", path, folder)


def from_tfjs(path: Path, folder: Path) -> ModelProto:
    """Convert a TensorFlow.js model.json, whose fused nodes tf2onnx cannot read, after unfusing."""
    plain = folder / "unfused"
    plain.mkdir(parents=True, exist_ok=True)
    model = json.loads(path.read_text("utf-8"))
    nodes = model["modelTopology"]["node"]
    model["modelTopology"]["node"] = [part for node in nodes for part in unfused(node)]
    (plain / path.name).write_text(json.dumps(model), "utf-8")
    for group in model["weightsManifest"]:
        for part in group["paths"]:
            shutil.copy(path.parent / part, plain)
    return _convert("--tfjs", plain / path.name, folder)


def unfused(node: Node) -> Iterator[Node]:
    """A node with fused bias and activation as the plain nodes it stands for."""
    core = _FUSED.get(node["op"])
    if core is None:
        yield node
        return
    given = node.get("attr", {})
    after = [base64.b64decode(name).decode() for name in given["fused_ops"]["list"].get("s", [])]
    name = node["name"] + "/core" if after else node["name"]
    kept = {key: value for key, value in given.items() if key in _KEPT[core]}
    if not kept.get("explicit_paddings", {}).get("list", {}).get("i"):
        kept.pop("explicit_paddings", None)
    yield {"name": name, "op": core, "input": node["input"][:2], "attr": kept}
    operands = list(node["input"][2:])
    for step, op in enumerate(after):
        last = step == len(after) - 1
        out = node["name"] if last else f"{node['name']}/f{step}"
        yield _activation(op, out, name, operands, given)
        name = out


def _activation(op: str, out: str, x: str, operands: list[str], given: Node) -> Node:
    if op == "BiasAdd":
        return {"name": out, "op": "AddV2", "input": [x, operands.pop(0)], "attr": _FLOAT}
    if op == "LeakyRelu":
        slope = given.get("leakyrelu_alpha", {"f": 0.2})
        return {"name": out, "op": op, "input": [x], "attr": {**_FLOAT, "alpha": slope}}
    if op in ("Relu", "Relu6", "Elu", "Sigmoid", "Tanh"):
        return {"name": out, "op": op, "input": [x], "attr": _FLOAT}
    raise ValueError(f"no plain form is known of a fused {op}")


def _convert(kind: str, path: Path, folder: Path) -> ModelProto:
    target = folder / "converted.onnx"
    asked = [kind, str(path), "--output", str(target), "--opset", str(OPSET)]
    # a process of its own: TensorFlow neither starts twice nor goes away
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *asked], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"tf2onnx failed on {path.name}:\n{done.stderr[-2000:]}")
    return onnx.load(target)
