"""What a view can be worth at most is known before it is cut, and is never too little."""

from __future__ import annotations

import numpy as np
import pytest

from personae.core.align import TEMPLATE
from personae.core.quality import judge, promise


@pytest.mark.parametrize("seed", range(40))
def test_no_view_is_worth_more_than_it_promised(seed: int) -> None:
    rng = np.random.default_rng(seed)
    marks = (TEMPLATE * rng.uniform(0.2, 4) + rng.normal(0, 3, (5, 2))).astype(np.float32)
    crop = rng.integers(0, int(rng.integers(2, 256)), (112, 112, 3)).astype(np.uint8)
    score = float(rng.uniform(0.5, 1))
    promised, judged = promise(marks, score), judge(crop, marks, score)
    assert judged.total <= promised.total
    assert (judged.size, judged.pose, judged.score) == (promised.size, promised.pose, score)


def test_a_turned_away_face_promises_less_than_a_frontal_one() -> None:
    turned = TEMPLATE.copy()
    turned[2, 0] = turned[1, 0]  # the nose in front of an eye
    assert promise(turned, 0.9).total < 0.9 * promise(TEMPLATE, 0.9).total
