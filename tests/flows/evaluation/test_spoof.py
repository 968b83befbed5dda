"""Rates of attacks that pass and of living faces that do not."""

from __future__ import annotations

import pytest

from personae.flows.evaluation.confidence import wilson
from personae.flows.evaluation.spoof import Presentation, spoof_rates


def test_attacks_err_when_live_living_faces_when_not() -> None:
    rates = spoof_rates(
        [
            Presentation("print", True, 10, "live"),
            Presentation("print", True, 5, "not shown yet"),
            Presentation("print", True, 5, "spoof suspected"),
            Presentation("face", False, 7, "live"),
            Presentation("face", False, 7, "spoof suspected"),
            Presentation("face", False, 7, "not shown yet"),
        ]
    )
    assert list(rates) == ["print", "face"]
    assert rates["print"].rate == pytest.approx(1 / 3)
    assert rates["face"].rate == pytest.approx(2 / 3)
    assert rates["print"].between == wilson(1, 3)
    told = rates["print"].as_json()
    assert told["apcer"] == pytest.approx(1 / 3)
    assert told["frames"] == 20
    assert (told["live"], told["not_shown_yet"], told["spoof_suspected"]) == (1, 1, 1)
    assert "bpcer" in rates["face"].as_json()
