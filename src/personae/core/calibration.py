"""What a cosine means: how often strangers reach it, how often a person misses it, how probable.

A threshold belongs to a Space and to how many shots were averaged on each side: a photo against a
photo, a photo against a track, a track against a track. Averaging lifts a person's own cosines a
lot and strangers' a little.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from personae.core.arrays import Doubles, Numbers
from personae.core.embedding import Space
from personae.core.errors import ShapeError

SEVERAL = 5
"""Shots of a template from which on more of them change nothing that could be measured."""
STEP = 0.01
"""Half the width of the window in which score densities are compared, as a cosine."""
SCALE: Doubles = np.linspace(-1.0, 1.0, 401)


@dataclass(frozen=True, slots=True)
class Curve:
    """An error rate over the cosine, for three classes of templates.

    Attributes:
        rates: (K,) rates, strictly between 0 and 1, rising or falling throughout.
        cosines: (3, K) rising cosines at which each rate is met: one shot against one, one
            against several, several against several.
    """

    rates: Doubles
    cosines: Doubles

    def __post_init__(self) -> None:
        count = len(self.rates)
        if count < 2 or self.cosines.shape != (3, count):
            raise ShapeError(f"cosines must be (3, {count}), got {self.cosines.shape}")
        if not ((self.rates > 0) & (self.rates < 1)).all():
            raise ShapeError("rates must lie between 0 and 1")
        steps = np.diff(self.rates)
        if not (np.diff(self.cosines) > 0).all() or not ((steps > 0).all() or (steps < 0).all()):
            raise ShapeError("cosines must rise, and rates all rise or all fall with them")

    def at(self, shots_a: int, shots_b: int) -> Doubles:
        """(K,) cosines for templates of so many shots.

        Between the measured classes in proportion to 1/n, as the variance of a mean goes.
        """
        a, b = _averaged(shots_a), _averaged(shots_b)
        weights = np.array([(1 - a) * (1 - b), a * (1 - b) + b * (1 - a), a * b])
        return np.asarray(weights @ self.cosines, np.float64)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Error rates and probabilities of cosines in one space.

    Rates are straight lines in the logit between the knots (in the tail: in log10 of the rate).
    Beyond the last knot nothing was measured: the line goes on at half its slope, which claims
    less than the data promise; evidence is bounded by what all scores out there share.

    Attributes:
        space: where the cosines come from.
        false_match: share of strangers at or above a cosine (FMR), falling.
        false_non_match: share of a person's own cosines below it (FNMR), rising.
        source: where the figures come from.
        uncalibrated: nobody measured this space; the figures are cautious guesses.
    """

    space: Space
    false_match: Curve
    false_non_match: Curve
    source: str = ""
    uncalibrated: bool = False
    _evidence: dict[tuple[float, float], Doubles] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def supported(self) -> float:
        """The lowest FMR that was measured; what is said of lower ones is extrapolated."""
        return float(self.false_match.rates.min())

    def fmr(self, score: float, shots_a: int = 1, shots_b: int = 1) -> float:
        """Share of comparisons of different people that reach ``score``, each side's shots given.

        ``gallery`` times this many false matches are to be expected of a search.
        """
        return float(self.fmrs(np.array([score]), shots_a, shots_b)[0])

    def fmrs(self, scores: Numbers | Doubles, shots_a: int = 1, shots_b: int = 1) -> Doubles:
        """(N,) FMR of many cosines (N,)."""
        return _rates(self.false_match, scores, shots_a, shots_b)

    def fnmr(self, score: float, shots_a: int = 1, shots_b: int = 1) -> float:
        """Share of comparisons of one person with themselves that stay below ``score``."""
        return float(_rates(self.false_non_match, np.array([score]), shots_a, shots_b)[0])

    def threshold(self, fmr: float, shots_a: int = 1, shots_b: int = 1) -> float:
        """The cosine that strangers reach at rate ``fmr``; 1 where no cosine promises so little.

        Raises:
            ShapeError: ``fmr`` is not between 0 and 1.
        """
        if not 0 < fmr < 1:
            raise ShapeError(f"fmr must be between 0 and 1, got {fmr}")
        knots, logits = _line(self.false_match, shots_a, shots_b)
        # np.interp wants what it looks up in rising order; the rates fall
        return float(np.clip(np.interp(_logit(np.array(fmr)), logits[::-1], knots[::-1]), -1, 1))

    def false_matches(
        self, score: float, gallery: int, shots_a: int = 1, shots_b: int = 1
    ) -> float:
        """How many of ``gallery`` strangers are expected to reach ``score``: gallery x FMR."""
        return gallery * self.fmr(score, shots_a, shots_b)

    def probability(
        self,
        score: float,
        shots_a: int = 1,
        shots_b: int = 1,
        gallery: int = 1,
        prior: float = 0.5,
    ) -> float:
        """How probable it is that a pair with this score is one person; never 0 or 1.

        Bayes: the odds before the comparison times the ratio of the densities of genuine and
        impostor scores here. Before it, the person is in the gallery with probability ``prior``,
        as likely each of its ``gallery`` people as another. The ratio never falls as the score
        rises, and is bounded by the lowest rates that were measured.

        Raises:
            ShapeError: ``prior`` is not between 0 and 1 or ``gallery`` is less than 1.
        """
        if not 0 < prior < 1 or gallery < 1:
            raise ShapeError(f"prior {prior} must lie between 0 and 1, gallery {gallery} from 1 on")
        before = np.log(prior / gallery) - np.log1p(-prior)
        odds = before + self.evidence(score, shots_a, shots_b)
        return float(1 / (1 + np.exp(-odds)))

    def evidence(self, score: float, shots_a: int = 1, shots_b: int = 1) -> float:
        """Natural logarithm of genuine to impostor density at ``score``; adds up over evidence."""
        key = _averaged(shots_a), _averaged(shots_b)
        ratios = self._evidence.get(key)
        if ratios is None:
            ratios = self._evidence[key] = self._ratios(shots_a, shots_b)
        return float(np.interp(score, SCALE, ratios))

    def _ratios(self, shots_a: int, shots_b: int) -> Doubles:
        """(401,) log likelihood ratios on SCALE, never falling."""
        low, high = SCALE - STEP, SCALE + STEP
        misses = [_rates(self.false_non_match, s, shots_a, shots_b) for s in (low, high)]
        hits = [_rates(self.false_match, s, shots_a, shots_b) for s in (low, high)]
        own = np.maximum(misses[1] - misses[0], 1e-300)
        strangers = np.maximum(hits[0] - hits[1], 1e-300)
        ratios = np.log(own) - np.log(strangers)
        knots = self.false_match.at(shots_a, shots_b)
        seen = self.false_non_match.at(shots_a, shots_b)
        # past the best scores people were seen to reach, their density is a guess: hold
        ratios = np.where(seen[-1] < SCALE, np.inf, ratios)
        # a curve may not say that a better score is worse: the lower claim stands
        ratios = np.minimum.accumulate(ratios[::-1])[::-1]
        # all that lies past strangers' last knot shares this much evidence, and no score has more
        missed = self.fnmr(float(knots[-1]), shots_a, shots_b)
        top = np.log1p(-missed) - np.log(self.supported)
        bottom = np.log(float(self.false_non_match.rates.min()))
        held = np.max(ratios[np.isfinite(ratios)], initial=bottom)
        return np.asarray(np.clip(np.minimum(ratios, held), bottom, top), np.float64)


def _averaged(shots: int) -> float:
    """0 for one shot, 1 for SEVERAL and more."""
    if shots < 1:
        raise ShapeError(f"a template has at least one shot, got {shots}")
    return (1 - 1 / min(shots, SEVERAL)) / (1 - 1 / SEVERAL)


def _logit(rates: Doubles) -> Doubles:
    return np.asarray(np.log(rates) - np.log1p(-rates), np.float64)


def _line(curve: Curve, shots_a: int, shots_b: int) -> tuple[Doubles, Doubles]:
    """Knots as rising cosines and the logit of the rate at each; beyond them at half slope to +-2.

    +-2 lies outside all cosines, so that rates keep moving up to 1 and down to -1.
    """
    cosines, logits = curve.at(shots_a, shots_b), _logit(curve.rates)
    slopes = np.diff(logits) / np.diff(cosines) / 2
    first = logits[0] + slopes[0] * (-2 - cosines[0])
    last = logits[-1] + slopes[-1] * (2 - cosines[-1])
    return np.concatenate([[-2], cosines, [2]]), np.concatenate([[first], logits, [last]])


def _rates(curve: Curve, scores: Numbers | Doubles, shots_a: int, shots_b: int) -> Doubles:
    knots, logits = _line(curve, shots_a, shots_b)
    return np.asarray(1 / (1 + np.exp(-np.interp(scores, knots, logits))), np.float64)
