"""The fingerprint of an analysis: the same for the same, another for whatever could matter."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from personae.flows.settings import ObserveSettings

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
