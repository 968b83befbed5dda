"""Weights stored as 8-bit blocks, each block with its own scale, back to float32."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, helper, numpy_helper

from tools.weights.graph import Constants, attribute, constants, prune, put, replace_nodes


def dequantise(model: ModelProto) -> None:
    """Replace every DequantizeLinear of a constant, and the Reshape after it, by its result.

    The blocked form needs opset 21; without it the model is plain opset 17 again.
    """
    graph = model.graph
    known = constants(graph)
    kept: list[NodeProto] = []
    for node in graph.node:
        value = _value(node, known)
        if value is None:
            kept.append(node)
        else:
            known[node.output[0]] = value
            put(graph, node.output[0], value)
    replace_nodes(graph, kept)
    _plain(model)


def _value(node: NodeProto, known: Constants) -> NDArray | None:  # type: ignore[type-arg]
    """What the node computes, where that hangs on constants alone."""
    if node.op_type == "Constant":
        return None if attribute(node, "value") is None else _constant(node)
    if not all(name in known for name in node.input):
        return None
    if node.op_type == "DequantizeLinear":
        return _dequantised(node, known)
    if node.op_type == "Reshape":
        return known[node.input[0]].reshape(known[node.input[1]])
    return None


def _constant(node: NodeProto) -> NDArray:  # type: ignore[type-arg]
    return numpy_helper.to_array(next(a.t for a in node.attribute if a.name == "value"))


def _dequantised(node: NodeProto, known: Constants) -> NDArray[np.float32]:
    steps, scale, zero = (known[name] for name in node.input)
    axis = int(str(attribute(node, "axis", 1)))
    block = int(str(attribute(node, "block_size", 0)))
    if block:
        # the last block may reach beyond the tensor
        take = np.arange(steps.shape[axis]) // block
        scale, zero = np.take(scale, take, axis), np.take(zero, take, axis)
    weights = (steps.astype(np.float32) - zero.astype(np.float32)) * scale
    return np.asarray(weights, np.float32)


def _plain(model: ModelProto) -> None:
    """Drop Dropout, inputs that are constants, and the demand for a newer opset."""
    graph = model.graph
    passed = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Dropout"}
    for node in graph.node:
        node.input[:] = [passed.get(name, name) for name in node.input]
    replace_nodes(graph, [node for node in graph.node if node.op_type != "Dropout"])
    # old exporters list weights among the inputs, some under names that nothing reads any more
    fed = {name for node in graph.node for name in node.input} - set(constants(graph))
    free = [entry for entry in graph.input if entry.name in fed]
    del graph.input[:]
    graph.input.extend(free)
    prune(graph)
    model.ir_version = 8
    del model.opset_import[:]
    model.opset_import.append(helper.make_opsetid("", 17))
