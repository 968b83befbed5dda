"""Free the batch, and for detectors height and width, that a conversion fixed."""

from __future__ import annotations

from onnx import ModelProto

from tools.weights.graph import constants, prune, put


def free_batch(model: ModelProto) -> None:
    """Name the first dimension N everywhere, also where a Reshape spells it out."""
    graph = model.graph
    known = constants(graph)
    batch = graph.input[0].type.tensor_type.shape.dim[0].dim_value
    for name in {node.input[1] for node in graph.node if node.op_type == "Reshape"} & set(known):
        shape = known[name].copy()
        if batch and shape[0] == batch:
            # 0 copies the dimension; -1 infers it where no other is inferred
            shape[0] = 0 if (shape == -1).any() else -1
            put(graph, name, shape)
    for value in (*graph.input, *graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "N"
    prune(graph)


def free_sides(model: ModelProto) -> None:
    """Name height and width of an NCHW input, and the anchors of each output, too."""
    graph = model.graph
    sides = graph.input[0].type.tensor_type.shape.dim
    sides[2].dim_param, sides[3].dim_param = "H", "W"
    for value in graph.output:
        value.type.tensor_type.shape.dim[1].dim_param = "A_" + value.name
