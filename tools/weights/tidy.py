"""Compute what hangs on constants alone, and let convolutions do their own padding."""

from __future__ import annotations

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, helper

from tools.weights.graph import Constants, attribute, constants, prune, put, replace_nodes, users


def fold_constants(model: ModelProto) -> int:
    """Replace nodes whose inputs are all constants by their results; returns how many."""
    graph = model.graph
    known = constants(graph)
    kept: list[NodeProto] = []
    folded = 0
    for node in graph.node:
        if node.input and all(name in known or not name for name in node.input):
            for name, value in zip(node.output, _run(node, known, model), strict=True):
                known[name] = value
                put(graph, name, value)
            folded += 1
        else:
            kept.append(node)
    replace_nodes(graph, kept)
    prune(graph)
    return folded


def fold_padding(model: ModelProto) -> int:
    """Move zero padding of height and width into the convolution that reads it."""
    graph = model.graph
    known, read = constants(graph), users(graph)
    kept: list[NodeProto] = []
    folded = 0
    for node in graph.node:
        readers = read.get(node.output[0], [])
        if not (_pads_with_zero(node, known) and all(r.op_type == "Conv" for r in readers)):
            kept.append(node)
            continue
        begin, end = np.split(known[node.input[1]], 2)
        for conv in readers:
            conv.input[0] = node.input[0]
            already = attribute(conv, "pads", [0, 0, 0, 0])
            total = np.array(already) + np.concatenate([begin[2:], end[2:]])
            others = [a for a in conv.attribute if a.name not in ("pads", "auto_pad")]
            del conv.attribute[:]
            conv.attribute.extend([*others, helper.make_attribute("pads", total.tolist())])
        folded += 1
    replace_nodes(graph, kept)
    prune(graph)
    return folded


def _pads_with_zero(node: NodeProto, known: Constants) -> bool:
    if node.op_type != "Pad" or attribute(node, "mode", b"constant") != b"constant":
        return False
    if len(node.input) > 2 and node.input[2] and known[node.input[2]].item() != 0:
        return False
    begin, end = np.split(known[node.input[1]], 2)
    # batch and channels are not padded, and nothing is cut off
    return not (begin[:2].any() or end[:2].any() or min(begin.min(), end.min()) < 0)


def _run(node: NodeProto, known: Constants, model: ModelProto) -> list[NDArray]:  # type: ignore[type-arg]
    values = {name: known[name] for name in node.input if name}
    inputs = [
        helper.make_tensor_value_info(
            name, helper.np_dtype_to_tensor_dtype(value.dtype), list(value.shape)
        )
        for name, value in values.items()
    ]
    outputs = [helper.make_empty_tensor_value_info(name) for name in node.output]
    alone = helper.make_model(
        helper.make_graph([node], "one", inputs, outputs),
        opset_imports=model.opset_import,
        ir_version=model.ir_version,
    )
    session = ort.InferenceSession(alone.SerializeToString(), providers=["CPUExecutionProvider"])
    return list(session.run(None, values))
