"""Small tools for ONNX graphs that every step shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import GraphProto, ModelProto, NodeProto, numpy_helper

Constants = dict[str, NDArray]  # type: ignore[type-arg]
"""Constant tensors of a graph, of any type, by name."""


def constants(graph: GraphProto) -> Constants:
    """All initialisers by name."""
    return {entry.name: numpy_helper.to_array(entry) for entry in graph.initializer}


def put(graph: GraphProto, name: str, value: NDArray) -> str:  # type: ignore[type-arg]
    """Add a constant, or replace the one of this name; returns the name."""
    tensor = numpy_helper.from_array(np.ascontiguousarray(value), name)
    for entry in graph.initializer:
        if entry.name == name:
            entry.CopyFrom(tensor)
            return name
    graph.initializer.append(tensor)
    return name


def makers(graph: GraphProto) -> dict[str, NodeProto]:
    """The node that makes each tensor."""
    return {output: node for node in graph.node for output in node.output}


def users(graph: GraphProto) -> dict[str, list[NodeProto]]:
    """The nodes that read each tensor."""
    found: dict[str, list[NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            found.setdefault(name, []).append(node)
    return found


def attribute(node: NodeProto, name: str, fallback: object = None) -> object:
    """An attribute's value, or ``fallback`` where the node does not have it."""
    for entry in node.attribute:
        if entry.name == name:
            return onnx.helper.get_attribute_value(entry)
    return fallback


def replace_nodes(graph: GraphProto, nodes: Iterable[NodeProto]) -> None:
    """Make these the graph's nodes."""
    kept = list(nodes)
    del graph.node[:]
    graph.node.extend(kept)


def rename(graph: GraphProto, names: Mapping[str, str]) -> None:
    """Give tensors other names, wherever they appear."""
    for node in graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
    for value in (*graph.input, *graph.output):
        value.name = names.get(value.name, value.name)


def prune(graph: GraphProto) -> None:
    """Drop nodes nobody reads, then constants nobody reads, then stale shape notes."""
    while True:
        read = {name for node in graph.node for name in node.input}
        read |= {entry.name for entry in graph.output}
        alive = [node for node in graph.node if any(name in read for name in node.output)]
        if len(alive) == len(graph.node):
            break
        replace_nodes(graph, alive)
    kept = [entry for entry in graph.initializer if entry.name in read]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    del graph.value_info[:]


def checked(model: ModelProto) -> ModelProto:
    """The model, after ONNX's own checker has passed it."""
    onnx.checker.check_model(model, full_check=True)
    return model
