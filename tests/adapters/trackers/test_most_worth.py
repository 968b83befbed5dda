"""The tracker's own one-to-one choice against SciPy's, on crowds too large to try everything."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from personae.adapters.trackers.assignment import most_worth


@pytest.mark.parametrize("seed", range(60))
def test_it_is_worth_as_much_as_the_best_by_scipy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = rng.integers(1, 30, 2)
    worth = rng.random(shape) * (rng.random(shape) < rng.random())
    if seed % 3 == 0:
        worth = np.round(worth * 4) / 4  # many ties
    first, second = most_worth(worth)
    assert len(set(first.tolist())) == len(first)
    assert len(set(second.tolist())) == len(second)
    assert (worth[first, second] > 0).all()
    best = worth[linear_sum_assignment(worth, maximize=True)].sum()
    assert worth[first, second].sum() == pytest.approx(best)


def test_what_nobody_contests_is_chosen_and_nothing_else() -> None:
    worth = np.array([[0.0, 0.3, 0.0], [0.0, 0.0, 0.0], [0.2, 0.0, 0.0]])
    first, second = most_worth(worth)
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == [(0, 1), (2, 0)]
