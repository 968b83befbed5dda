"""One ONNX Runtime session: which provider runs it, with how many threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import onnxruntime as ort
from numpy.typing import NDArray

from personae.core.arrays import Numbers
from personae.core.errors import ProviderMissing, WeightsCorrupt

PROVIDERS: Mapping[str, str] = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
    "openvino": "OpenVINOExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "directml": "DmlExecutionProvider",
}


def available() -> list[str]:
    """Our names of the providers this machine's ONNX Runtime was built with."""
    there = set(ort.get_available_providers())
    return [name for name, theirs in PROVIDERS.items() if theirs in there]


class Session:
    """A loaded network.

    One thread by default: ONNX Runtime's pool spins, which on nets this small spends twice the
    CPU for little time; workers run in parallel instead.

    Raises:
        ProviderMissing: the provider asked for is not available; nothing falls back in silence.
        WeightsCorrupt: the file is no network that can be loaded.
    """

    def __init__(self, path: Path, *, provider: str = "cpu", threads: int = 1) -> None:
        if provider not in available():
            raise ProviderMissing(
                f"provider {provider!r} is not available; here: {', '.join(available())}"
            )
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = ort.InferenceSession(str(path), options, [PROVIDERS[provider]])
        except RuntimeError as failure:
            raise WeightsCorrupt(f"{path.name} cannot be loaded: {failure}") from failure
        self.provider = provider
        self.inputs: Sequence[str] = [entry.name for entry in self._session.get_inputs()]
        self.outputs: Sequence[str] = [entry.name for entry in self._session.get_outputs()]
        self.input_shape: Sequence[int | str] = list(self._session.get_inputs()[0].shape)

    def run(self, first: Numbers) -> dict[str, Numbers]:
        """Feeds the only input; answers every output by its name."""
        answers: list[NDArray] = self._session.run(None, {self.inputs[0]: first})  # type: ignore[type-arg]
        return dict(zip(self.outputs, answers, strict=True))
