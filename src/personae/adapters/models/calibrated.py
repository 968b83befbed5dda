"""The calibration of a space, from the figures that ship with the package."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from personae.core.calibration import Calibration, Curve
from personae.core.embedding import Space

CLASSES = ("one-one", "one-several", "several-several")
UNKNOWN = "unknown"


def load_calibration(space: Space) -> Calibration:
    """What cosines of ``space`` mean.

    For a space that nobody measured (also: other weights under a known name) the answer is a
    cautious guess, flagged ``uncalibrated``.
    """
    tables = _tables()
    table = tables.get(space.model)
    known = table is not None and table.get("weights") == space.weights
    chosen: Mapping[str, Any] = table if table is not None and known else tables[UNKNOWN]
    return Calibration(
        space=space,
        false_match=_curve(chosen["false_match"]),
        false_non_match=_curve(chosen["false_non_match"]),
        source=str(chosen["source"]),
        uncalibrated=not known,
    )


def _curve(table: Mapping[str, Any]) -> Curve:
    rates = np.array(table["rates"], np.float64)
    return Curve(rates, np.array([table[name] for name in CLASSES], np.float64))


@lru_cache(maxsize=1)
def _tables() -> Mapping[str, Mapping[str, Any]]:
    text = files("personae.adapters.models").joinpath("calibration.toml").read_text("utf-8")
    return tomllib.loads(text)
