"""Each step of the conversion keeps what a network computes (needs the package onnx)."""

from __future__ import annotations

import numpy as np
import onnxruntime as ort
import pytest
from numpy.typing import NDArray

onnx = pytest.importorskip(
    "onnx", reason="the package onnx is not installed: see tools/weights/requirements.txt"
)

from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from tools.weights import batchnorm, blocks, free, half, prelu, tidy  # noqa: E402

RNG = np.random.default_rng(3)
X = RNG.normal(size=(1, 4, 8, 8)).astype(np.float32)
Arrays = dict[str, NDArray]  # type: ignore[type-arg]


def model(nodes: list, constants: Arrays, out: list[object], opset: int = 17):  # type: ignore[no-untyped-def, type-arg]  # noqa: ANN201
    """x (1, 4, 8, 8) to y through the nodes."""
    graph = helper.make_graph(
        nodes,
        "test",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, list(X.shape))],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, out)],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)


def run(made, value: NDArray[np.float32] = X) -> NDArray[np.float32]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    onnx.checker.check_model(made)
    session = ort.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    found: NDArray[np.float32] = session.run(None, {"x": value})[0]
    return found


def kinds(made) -> list[str]:  # type: ignore[no-untyped-def]  # noqa: ANN001
    return [node.op_type for node in made.graph.node]


def floats(*shape: int) -> NDArray[np.float32]:
    return RNG.normal(size=shape).astype(np.float32)


def norm(name: str, size: int) -> Arrays:
    return {
        f"{name}_g": floats(size),
        f"{name}_b": floats(size),
        f"{name}_m": floats(size),
        f"{name}_v": np.abs(floats(size)) + 0.1,
    }


def test_prelu_rewritten() -> None:
    made = model(
        [helper.make_node("PRelu", ["x", "a"], ["y"])], {"a": floats(4, 1, 1)}, list(X.shape)
    )
    before = run(made)
    assert prelu.rewrite_prelu(made) == 1
    assert kinds(made) == ["Relu", "BatchNormalization", "BatchNormalization", "Add"]
    np.testing.assert_allclose(run(made), before, atol=1e-6)


def test_prelu_recognised() -> None:
    nodes = [
        helper.make_node("Relu", ["x"], ["r"]),
        helper.make_node("Abs", ["x"], ["s"]),
        helper.make_node("Sub", ["x", "s"], ["d"]),
        helper.make_node("Mul", ["d", "a"], ["m"]),
        helper.make_node("Add", ["r", "m"], ["y"]),
    ]
    made = model(nodes, {"a": floats(4, 1, 1)}, list(X.shape))
    before = run(made)
    assert prelu.recognise_prelu(made) == 1
    assert kinds(made) == ["PRelu"]
    np.testing.assert_allclose(run(made), before, atol=1e-6)


def test_batchnorm_folded_into_the_convolution_before() -> None:
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"]),
        helper.make_node("BatchNormalization", ["c", *norm("n", 5)], ["y"], epsilon=2e-5),
    ]
    made = model(nodes, {"w": floats(5, 4, 3, 3), **norm("n", 5)}, [1, 5, 6, 6])
    before = run(made)
    assert batchnorm.fold_batchnorm(made) == 1
    assert kinds(made) == ["Conv"]
    np.testing.assert_allclose(run(made), before, atol=1e-4)


def test_batchnorm_stays_where_the_convolution_is_read_twice() -> None:
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"]),
        helper.make_node("BatchNormalization", ["c", *norm("n", 5)], ["b"]),
        helper.make_node("Add", ["b", "c"], ["y"]),
    ]
    made = model(nodes, {"w": floats(5, 4, 3, 3), **norm("n", 5)}, [1, 5, 6, 6])
    assert batchnorm.fold_batchnorm(made) == 0


def test_batchnorm_folded_into_the_matrix_after() -> None:
    nodes = [
        helper.make_node("BatchNormalization", ["x", *norm("n", 4)], ["b"]),
        helper.make_node("Flatten", ["b"], ["f"]),
        helper.make_node("Gemm", ["f", "w", "c"], ["y"], transB=1),
    ]
    made = model(nodes, {"w": floats(6, 256), "c": floats(6), **norm("n", 4)}, [1, 6])
    before = run(made)
    assert batchnorm.fold_into_matrix(made) == 1
    assert kinds(made) == ["Flatten", "Gemm"]
    np.testing.assert_allclose(run(made), before, atol=1e-3)


def test_padding_folded_only_where_it_is_zero() -> None:
    pads = np.array([0, 0, 1, 2, 0, 0, 0, 1], np.int64)
    for fill, folded in ((0.0, 1), (1.0, 0)):
        nodes = [
            helper.make_node("Pad", ["x", "p", "v"], ["z"]),
            helper.make_node("Conv", ["z", "w"], ["y"]),
        ]
        constants = {"p": pads, "v": np.array(fill, np.float32), "w": floats(2, 4, 3, 3)}
        made = model(nodes, constants, [1, 2, 7, 9])
        before = run(made)
        assert tidy.fold_padding(made) == folded
        np.testing.assert_allclose(run(made), before, atol=1e-5)


def test_constants_computed() -> None:
    nodes = [
        helper.make_node("Add", ["a", "b"], ["s"]),
        helper.make_node("Mul", ["x", "s"], ["y"]),
    ]
    made = model(nodes, {"a": floats(1, 4, 1, 1), "b": floats(1)}, list(X.shape))
    before = run(made)
    assert tidy.fold_constants(made) == 1
    assert kinds(made) == ["Mul"]
    np.testing.assert_array_equal(run(made), before)


def test_blocks_become_floats_though_the_last_is_short() -> None:
    steps = RNG.integers(-128, 128, (2, 10), np.int8)
    scale, zero = floats(2, 3), RNG.integers(-9, 9, (2, 3), np.int8)
    nodes = [
        helper.make_node("DequantizeLinear", ["q", "s", "z"], ["w"], axis=1, block_size=4),
        helper.make_node("Reshape", ["w", "shape"], ["v"]),
        helper.make_node("Conv", ["x", "v"], ["y"]),
    ]
    shape = np.array([5, 4, 1, 1], np.int64)
    made = model(nodes, {"q": steps, "s": scale, "z": zero, "shape": shape}, [1, 5, 8, 8], opset=21)
    wanted = np.empty((2, 10), np.float32)
    for row in range(2):
        for column in range(10):
            block = column // 4
            wanted[row, column] = (int(steps[row, column]) - int(zero[row, block])) * scale[
                row, block
            ]
    blocks.dequantise(made)
    assert kinds(made) == ["Conv"]
    assert made.opset_import[0].version == 17
    weights = {entry.name: numpy_helper.to_array(entry) for entry in made.graph.initializer}
    np.testing.assert_allclose(weights["v"].reshape(2, 10), wanted, rtol=1e-6)


def test_half_packs_the_large_and_leaves_the_small() -> None:
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["y"]),
    ]
    made = model(nodes, {"w": floats(8, 4, 3, 3), "b": floats(8)}, [1, 8, 6, 6])
    before = run(made)
    assert half.pack_half(made) == 1
    stored = {entry.name: entry.data_type for entry in made.graph.initializer}
    assert stored == {"w_h": TensorProto.FLOAT16, "b": TensorProto.FLOAT}
    np.testing.assert_allclose(run(made), before, atol=0.02)
    assert not np.array_equal(run(made), before)


def test_batch_freed_gives_each_row_its_own_answer() -> None:
    nodes = [helper.make_node("Reshape", ["x", "shape"], ["y"])]
    made = model(nodes, {"shape": np.array([1, 4, 64], np.int64)}, [1, 4, 64])
    free.free_batch(made)
    three = floats(3, 4, 8, 8)
    np.testing.assert_array_equal(run(made, three), three.reshape(3, 4, 64))
