"""Compare the files that convert.py made with those that ship.

    python -m tools.weights.verify --work DIR

Says for each: the same bytes, or the same weights, or how far apart the outputs are.
"""

from __future__ import annotations

import argparse
import logging
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray

from tools.weights.convert import INT8, STEPS
from tools.weights.graph import constants

log = logging.getLogger(__name__)
SHIPPED = Path(__file__).resolve().parents[2] / "src/personae/adapters/weights"
ALLOWED = 1e-3
"""Largest difference of outputs, relative to the largest output, that counts as repeated."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two files are.

    Attributes:
        bytes_equal: the files are the same.
        constants_equal: the same set of weights, bit for bit, names aside.
        difference: largest absolute difference of any output on fixed random input.
        scale: largest absolute output.
    """

    bytes_equal: bool
    constants_equal: bool
    difference: float
    scale: float

    @property
    def repeated(self) -> bool:
        """Whether the conversion was repeated."""
        return self.bytes_equal or self.difference <= ALLOWED * self.scale

    def __str__(self) -> str:
        if self.bytes_equal:
            return "the same bytes"
        same = "the same weights" if self.constants_equal else "other weights"
        return f"{same}, outputs differ by {self.difference:.2g} of {self.scale:.3g}"


def compare(made: Path, shipped: Path) -> Likeness:
    """Compare two model files on the same random input, seed 0."""
    if made.read_bytes() == shipped.read_bytes():
        return Likeness(True, True, 0.0, 1.0)
    sessions = [_session(path) for path in (made, shipped)]
    value = random_input(sessions[1])
    names = sorted(output.name for output in sessions[1].get_outputs())
    pairs = [
        [session.run([name], {session.get_inputs()[0].name: value})[0] for session in sessions]
        for name in names
    ]
    return Likeness(
        False,
        _constants(made) == _constants(shipped),
        max(float(np.abs(a - b).max()) for a, b in pairs),
        max(float(np.abs(b).max()) for _, b in pairs),
    )


def random_input(session: ort.InferenceSession) -> NDArray[np.float32]:
    """Fixed noise of the shape and range the model eats: two rows, free sides of 160 and 192."""
    free = {"N": 2, "H": 160, "W": 192}
    entry = session.get_inputs()[0]
    shape = [size if isinstance(size, int) else free.get(size, 2) for size in entry.shape]
    noise = np.random.default_rng(0).uniform(0, 1, shape).astype(np.float32)
    # detectors and SFace eat 0..255, the others about -1..1
    return noise * 255 if entry.name in ("input", "data") and shape[1] == 3 else noise * 2 - 1


def _constants(path: Path) -> set[bytes]:
    # shapes of Reshape and paddings are spelt in several ways that mean the same
    known = constants(onnx.load(path).graph).values()
    return {value.tobytes() for value in known if value.dtype != np.int64}


def _session(path: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return ort.InferenceSession(str(path), options, ["CPUExecutionProvider"])


def main() -> None:
    """Compare everything there is in DIR/made; exit 1 when something was not repeated."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="the folder given to convert.py")
    work: Path = parser.parse_args().work
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    files = {name: file for name, (file, _) in STEPS.items()}
    files[INT8] = "nanodet_g_int8.onnx"
    failed = 0
    for name, file in files.items():
        made = work / "made" / file
        if not made.exists():
            log.info("%-24s not made", name)
            failed += 1
            continue
        likeness = compare(made, SHIPPED / file)
        failed += not likeness.repeated
        log.info("%-24s %s", name, likeness)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
