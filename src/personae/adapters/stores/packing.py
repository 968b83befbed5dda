"""Arrays to the bytes that are kept, and back."""

from __future__ import annotations

import struct

import numpy as np

from personae.core.arrays import Ids, Vector, Vectors
from personae.core.records import Path

MAGIC = b"PB1"


def pack_path(path: Path) -> bytes:
    """Times as differences and boxes in eighths of a pixel: 8 + 8 bytes a box before packing."""
    count = len(path.times)
    head = MAGIC + struct.pack("<I", count)
    steps = np.diff(path.times, prepend=0).astype("<i8").tobytes()
    eighths = np.round(path.boxes * 8).astype("<i4").tobytes()
    return head + steps + eighths


def unpack_path(data: bytes) -> Path:
    """What ``pack_path`` made."""
    (count,) = struct.unpack_from("<I", data, len(MAGIC))
    start = len(MAGIC) + 4
    steps = np.frombuffer(data, "<i8", count, start)
    eighths = np.frombuffer(data, "<i4", count * 4, start + 8 * count)
    boxes = (eighths.reshape(count, 4) / 8).astype(np.float32)
    return Path(np.cumsum(steps).astype(np.int64), boxes)


def pack_vector(vector: Vector) -> bytes:
    """Half precision: cosines move by less than 1e-3 and the library is half as large."""
    return vector.astype("<f2").tobytes()


def unpack_vectors(rows: list[bytes], size: int) -> Vectors:
    """(N, D) float32 unit rows of N packed vectors."""
    if not rows:
        return np.zeros((0, size), np.float32)
    vectors = np.frombuffer(b"".join(rows), "<f2").reshape(len(rows), size).astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-12), np.float32)


def as_ids(values: list[int]) -> Ids:
    """Database keys as an array."""
    return np.array(values, np.int64)
