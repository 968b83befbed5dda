"""Fold batch normalisation into the convolution or matrix before it."""

from __future__ import annotations

import numpy as np
from onnx import ModelProto, NodeProto

from tools.weights.graph import (
    Constants,
    attribute,
    constants,
    makers,
    prune,
    put,
    replace_nodes,
    users,
)


def fold_batchnorm(model: ModelProto) -> int:
    """Fold where the convolution's output goes nowhere else; returns how many were folded.

    y = gamma * (w x + b - mean) / sqrt(var + eps) + beta, computed in float64.
    """
    graph = model.graph
    known, read, made = constants(graph), users(graph), makers(graph)
    kept: list[NodeProto] = []
    folded = 0
    for node in graph.node:
        before = made.get(node.input[0]) if node.op_type == "BatchNormalization" else None
        if before is None or before.op_type not in ("Conv", "Gemm") or len(read[node.input[0]]) > 1:
            kept.append(node)
            continue
        weight, bias = _folded(before, node, known)
        name = before.input[1]
        put(graph, name + "_f", weight)
        put(graph, name + "_fb", bias)
        before.input[:] = [before.input[0], name + "_f", name + "_fb"]
        before.output[0] = node.output[0]
        made[node.output[0]] = before
        folded += 1
    replace_nodes(graph, kept)
    prune(graph)
    return folded


def _folded(
    layer: NodeProto, norm: NodeProto, known: Constants
) -> tuple[np.typing.NDArray[np.float32], np.typing.NDArray[np.float32]]:
    gamma, beta, mean, variance = (known[name].astype(np.float64) for name in norm.input[1:5])
    factor = gamma / np.sqrt(variance + float(str(attribute(norm, "epsilon", 1e-5))))
    weight = known[layer.input[1]].astype(np.float64)
    bias = known[layer.input[2]].astype(np.float64) if len(layer.input) > 2 else 0.0
    if layer.op_type == "Gemm" and not attribute(layer, "transB", 0):
        weight = weight * factor[None, :]
    else:
        weight = weight * factor.reshape(-1, *[1] * (weight.ndim - 1))
    return weight.astype(np.float32), ((bias - mean) * factor + beta).astype(np.float32)


def fold_into_matrix(model: ModelProto) -> int:
    """Fold batch normalisation forwards, through a Flatten, into the Gemm that reads it alone.

    W (s x + t) + b = (W s) x + (W t + b), each channel's s and t as often as it has pixels.
    """
    graph = model.graph
    known, read = constants(graph), users(graph)
    kept: list[NodeProto] = []
    folded = 0
    for node in graph.node:
        after = _matrix_after(node, read)
        if after is None:
            kept.append(node)
            continue
        flat, layer = after
        gamma, beta, mean, variance = (known[name].astype(np.float64) for name in node.input[1:5])
        scale = gamma / np.sqrt(variance + float(str(attribute(node, "epsilon", 1e-5))))
        weight = known[layer.input[1]].astype(np.float64)
        pixels = weight.shape[1] // scale.size
        shift = np.repeat(beta - mean * scale, pixels)
        bias = known[layer.input[2]].astype(np.float64) + weight @ shift
        put(graph, layer.input[1], (weight * np.repeat(scale, pixels)).astype(np.float32))
        put(graph, layer.input[2], bias.astype(np.float32))
        flat.input[0] = node.input[0]
        folded += 1
    replace_nodes(graph, kept)
    prune(graph)
    return folded


def _matrix_after(
    node: NodeProto, read: dict[str, list[NodeProto]]
) -> tuple[NodeProto, NodeProto] | None:
    """The Flatten and the Gemm (of transposed weights) that alone read a batch normalisation."""
    if node.op_type != "BatchNormalization":
        return None
    flats = read.get(node.output[0], [])
    if len(flats) != 1 or flats[0].op_type != "Flatten":
        return None
    layers = read.get(flats[0].output[0], [])
    if len(layers) != 1 or layers[0].op_type != "Gemm" or not attribute(layers[0], "transB", 0):
        return None
    return flats[0], layers[0]
