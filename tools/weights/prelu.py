"""PReLU in a form that runs fast: ONNX Runtime's own kernel for it is scalar and breaks layouts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, ModelProto, NodeProto, helper

from tools.weights.graph import Constants, constants, makers, prune, put, replace_nodes


def rewrite_prelu(model: ModelProto) -> int:
    """PReLU(x) = a x + (1 - a) relu(x), each scaling as a batch normalisation of epsilon 0.

    ONNX Runtime fuses these into its blocked layout: SFace takes 13.9 ms instead of 28.8.
    Returns how many were rewritten.
    """
    graph = model.graph
    known = constants(graph)
    kept: list[NodeProto] = []
    count = 0
    for node in graph.node:
        if node.op_type != "PRelu" or node.input[1] not in known:
            kept.append(node)
            continue
        slope = known[node.input[1]].astype(np.float64).reshape(-1)
        x, p = node.input[0], f"pr{count}_"
        kept += [
            helper.make_node("Relu", [x], [p + "r"]),
            _scaling(graph, p + "r", p + "q", 1 - slope),
            _scaling(graph, x, p + "t", slope),
            helper.make_node("Add", [p + "q", p + "t"], [node.output[0]]),
        ]
        count += 1
    replace_nodes(graph, kept)
    prune(graph)
    return count


def recognise_prelu(model: ModelProto) -> int:
    """relu(x) + a (x - |x|) as TensorFlow spells it, back to one PRelu of slope 2 a."""
    graph = model.graph
    known, made = constants(graph), makers(graph)
    kept: list[NodeProto] = []
    count = 0
    for node in graph.node:
        found = _spelt_out(node, known, made) if node.op_type == "Add" else None
        if found is None:
            kept.append(node)
            continue
        x, slope = found
        name = put(graph, f"alpha{count}", slope.reshape(-1, 1, 1))
        kept.append(helper.make_node("PRelu", [x, name], list(node.output)))
        count += 1
    replace_nodes(graph, kept)
    prune(graph)
    return count


def _spelt_out(
    node: NodeProto, known: Constants, made: dict[str, NodeProto]
) -> tuple[str, NDArray[np.float32]] | None:
    """x and the slope, if ``node`` adds relu(x) and a constant times (x - |x|)."""
    parts = {made[name].op_type: made[name] for name in node.input if name in made}
    relu, product = parts.get("Relu"), parts.get("Mul")
    if relu is None or product is None:
        return None
    factors = [known[name] for name in product.input if name in known]
    halves = [made[name] for name in product.input if name in made]
    if not factors or not halves or halves[0].op_type != "Sub":
        return None
    x, size = halves[0].input
    inside = made.get(size)
    if x != relu.input[0] or inside is None or inside.op_type != "Abs" or inside.input[0] != x:
        return None
    return x, np.asarray(factors[0] * 2, np.float32)


def _scaling(graph: GraphProto, x: str, y: str, scale: NDArray[np.float64]) -> NodeProto:
    ones, zeros = np.ones(scale.size, np.float32), np.zeros(scale.size, np.float32)
    names = [
        put(graph, y + "_s", scale.astype(np.float32)),
        put(graph, y + "_b", zeros),
        put(graph, y + "_m", zeros),
        put(graph, y + "_v", ones),
    ]
    return helper.make_node("BatchNormalization", [x, *names], [y], epsilon=0.0)
