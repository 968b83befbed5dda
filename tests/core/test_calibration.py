"""Calibration: error rates are monotone and invertible, probabilities bounded and modest."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.adapters.models.calibrated import load_calibration
from personae.adapters.models.cards import default_card
from personae.core.arrays import Doubles
from personae.core.calibration import SEVERAL, Calibration, Curve
from personae.core.embedding import Space
from personae.core.errors import ShapeError

NOWHERE = Space("nobody-measured-this", "0" * 16, 512)
SFACE = load_calibration(default_card("face-embedding").space)
BOTH = [SFACE, load_calibration(NOWHERE)]
cosines = st.floats(-1, 1)
shots = st.integers(1, 9)
calibrations = st.sampled_from(BOTH)
priors = st.floats(1e-4, 1 - 1e-4)


@given(calibrations, cosines, cosines, shots, shots)
def test_a_better_score_is_never_worse(
    known: Calibration, one: float, other: float, a: int, b: int
) -> None:
    low, high = sorted((one, other))
    assert known.fmr(high, a, b) <= known.fmr(low, a, b)
    assert known.fnmr(low, a, b) <= known.fnmr(high, a, b)
    assert known.evidence(low, a, b) <= known.evidence(high, a, b) + 1e-12
    assert known.probability(low, a, b) <= known.probability(high, a, b) + 1e-12


@given(calibrations, cosines, shots, shots)
def test_scores_further_apart_than_rounding_have_different_rates(
    known: Calibration, score: float, a: int, b: int
) -> None:
    assert known.fmr(score - 0.001, a, b) > known.fmr(score, a, b) > 0
    assert known.fnmr(score - 0.001, a, b) < known.fnmr(score, a, b) < 1


@given(calibrations, cosines, shots, shots)
def test_threshold_is_the_inverse_of_fmr(known: Calibration, score: float, a: int, b: int) -> None:
    assert known.threshold(known.fmr(score, a, b), a, b) == pytest.approx(score, abs=1e-6)


@given(calibrations, st.floats(1e-4, 0.9), shots, shots)
def test_fmr_is_the_inverse_of_threshold(known: Calibration, fmr: float, a: int, b: int) -> None:
    assert known.fmr(known.threshold(fmr, a, b), a, b) == pytest.approx(fmr, rel=1e-6)


@given(calibrations, cosines, shots, shots, st.integers(1, 10**7), priors)
def test_probability_is_never_certain(
    known: Calibration, score: float, a: int, b: int, gallery: int, prior: float
) -> None:
    sure = known.probability(score, a, b, gallery, prior)
    assert 0 < sure < 1
    # even a perfect score says no more than the data behind the curves can
    odds = prior / (1 - prior) / gallery / known.supported
    assert sure <= odds / (1 + odds) + 1e-12


@given(calibrations, cosines, shots, shots, st.integers(1, 10**6), priors)
def test_a_larger_gallery_and_a_lower_prior_make_it_less_probable(
    known: Calibration, score: float, a: int, b: int, gallery: int, prior: float
) -> None:
    here = known.probability(score, a, b, gallery, prior)
    assert known.probability(score, a, b, gallery + 1, prior) < here
    assert known.probability(score, a, b, gallery, prior / 2) < here


@given(calibrations, cosines, shots, shots)
def test_the_sides_may_be_swapped(known: Calibration, score: float, a: int, b: int) -> None:
    assert known.fmr(score, a, b) == known.fmr(score, b, a)
    assert known.probability(score, a, b) == known.probability(score, b, a)


@pytest.mark.parametrize("known", BOTH, ids=["sface", "unknown"])
def test_averaging_lifts_own_scores_and_strangers(known: Calibration) -> None:
    thresholds = [known.threshold(1e-3, a, b) for a, b in ((1, 1), (1, 3), (1, 5), (3, 3), (5, 5))]
    assert thresholds == sorted(thresholds)
    misses = [known.fnmr(0.5, a, b) for a, b in ((1, 1), (1, 3), (1, 5), (3, 3), (5, 5))]
    assert misses == sorted(misses, reverse=True)
    assert known.threshold(1e-3, 5, 5) == known.threshold(1e-3, SEVERAL + 40, 99)


def test_expected_false_matches_grow_with_the_gallery() -> None:
    score = SFACE.threshold(1e-4)
    assert SFACE.false_matches(score, 1) == pytest.approx(1e-4)
    assert SFACE.false_matches(score, 10_000) == pytest.approx(1.0)


def test_many_at_once_equal_one_by_one() -> None:
    scores = np.linspace(-1, 1, 41).astype(np.float32)
    assert SFACE.fmrs(scores, 1, 5).tolist() == [SFACE.fmr(float(s), 1, 5) for s in scores]


@pytest.mark.parametrize(
    ("rate", "cosine"), [(1e-3, 0.358), (1e-4, 0.415), (1e-5, 0.465), (1e-6, 0.545)]
)
def test_sface_has_its_published_thresholds(rate: float, cosine: float) -> None:
    assert SFACE.threshold(rate) == pytest.approx(cosine)
    assert (
        default_card("face-embedding").threshold(f"fmr-{rate:.0e}".replace("e-0", "e-")) == cosine
    )


def test_beyond_the_data_it_claims_less_than_the_last_slope() -> None:
    slope = math.log10(SFACE.fmr(0.465) / SFACE.fmr(0.545)) / 0.08
    beyond = math.log10(SFACE.fmr(0.6) / SFACE.fmr(0.7)) / 0.1
    assert beyond == pytest.approx(slope / 2, rel=0.01)
    assert SFACE.supported == 1e-6


def test_an_fmr_that_no_cosine_promises_gives_the_highest_cosine() -> None:
    unknown = load_calibration(NOWHERE)
    assert unknown.threshold(1e-12) == 1.0
    assert unknown.fmr(1.0) > 1e-12


def test_it_says_that_it_is_uncalibrated() -> None:
    unknown = load_calibration(NOWHERE)
    assert unknown.uncalibrated and not SFACE.uncalibrated
    assert unknown.space == NOWHERE
    assert unknown.source and SFACE.source
    # cautious: a high score is believed less than where somebody measured
    for score in (0.35, 0.4, 0.5, 0.6, 0.7):
        assert unknown.probability(score) < SFACE.probability(score)
        assert unknown.fmr(score) > SFACE.fmr(score)


def test_other_weights_of_a_known_name_are_uncalibrated() -> None:
    space = SFACE.space
    assert load_calibration(Space(space.model, "f" * 16, space.size)).uncalibrated


@pytest.mark.parametrize(
    ("rates", "rows"),
    [
        ([0.5, 0.1], [[0.1, 0.2]] * 2),
        ([0.5, 0.1], [[0.2, 0.1]] * 3),
        ([0.5, 0.0], [[0.1, 0.2]] * 3),
        ([0.5, 0.1, 0.2], [[0.1, 0.2, 0.3]] * 3),
        ([0.5], [[0.1]] * 3),
    ],
    ids=["two classes", "falling cosines", "rate 0", "no order", "one knot"],
)
def test_a_curve_that_is_none_is_refused(rates: list[float], rows: list[list[float]]) -> None:
    numbers: Doubles = np.array(rates)
    with pytest.raises(ShapeError):
        Curve(numbers, np.array(rows))


def test_questions_that_make_no_sense_are_refused() -> None:
    for wrong in (0.0, 1.0, -1.0):
        with pytest.raises(ShapeError):
            SFACE.threshold(wrong)
        with pytest.raises(ShapeError):
            SFACE.probability(0.5, prior=wrong)
    with pytest.raises(ShapeError):
        SFACE.fmr(0.5, 0, 1)
    with pytest.raises(ShapeError):
        SFACE.probability(0.5, gallery=0)
    with pytest.raises(FrozenInstanceError):
        SFACE.source = "elsewhere"  # type: ignore[misc]
