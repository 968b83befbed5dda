"""The fingerprint of an analysis: the same for the same, another for whatever could matter."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields, replace

import pytest

from personae.flows.settings import LATER, ObserveSettings

MODELS = ("yunet/1", "sface/2")
PLAIN = ObserveSettings()


def test_the_same_settings_have_the_same_fingerprint() -> None:
    assert PLAIN.fingerprint(MODELS) == ObserveSettings(fps=5.0).fingerprint(MODELS)
    assert len(PLAIN.fingerprint(MODELS)) == 16
    assert int(PLAIN.fingerprint(MODELS), 16) >= 0


@pytest.mark.parametrize("name", [field.name for field in fields(ObserveSettings)])
def test_every_setting_makes_a_difference(name: str) -> None:
    value = getattr(PLAIN, name)
    other = replace(PLAIN, **{name: (not value) if isinstance(value, bool) else value * 2})
    assert other.fingerprint(MODELS) != PLAIN.fingerprint(MODELS)


@pytest.mark.parametrize("models", [(), ("yunet/1",), ("yunet/2", "sface/2"), MODELS[::-1]])
def test_every_model_makes_a_difference(models: tuple[str, ...]) -> None:
    assert PLAIN.fingerprint(models) != PLAIN.fingerprint(MODELS)


def test_settings_of_today_leave_the_fingerprints_of_yesterday() -> None:
    kept = dict(asdict(PLAIN))
    for name, value in LATER.items():
        assert kept.pop(name) == value
    text = json.dumps([kept, list(MODELS)], sort_keys=True)
    assert PLAIN.fingerprint(MODELS) == hashlib.sha256(text.encode()).hexdigest()[:16]


def test_only_what_was_calibrated_is_for_crowds() -> None:
    assert not PLAIN.for_crowds
    assert PLAIN.crowd().for_crowds
    assert replace(PLAIN, anonymous=True, min_face=40).crowd().for_crowds
    assert not replace(PLAIN.crowd(), fps=10.0).for_crowds
    assert PLAIN.crowd().body_width == 960
