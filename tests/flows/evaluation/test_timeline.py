"""Timelines: intervals found, screen time, boundaries, and who is who without names."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personae.core.errors import UsageError
from personae.flows.evaluation.timeline import score_timeline

TRUTH = {"Ada": [(0.0, 10.0), (20.0, 30.0)], "Ben": [(12.0, 18.0)]}
SPANS = st.lists(
    st.tuples(st.integers(0, 50), st.integers(1, 9)).map(lambda s: (float(s[0]), float(sum(s)))),
    min_size=1,
    max_size=6,
)


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), SPANS, min_size=1))
def test_the_truth_itself_is_perfect(truth: dict[str, list[tuple[float, float]]]) -> None:
    told = score_timeline(truth, truth).as_json()
    assert told["interval_f1"] == {"0.5": 1.0, "0.9": 1.0}
    assert told["screen_time_error"] == {name: 0.0 for name in sorted(truth)}
    assert told["boundary_ms"] == {"in": 0.0, "out": 0.0}
    assert told["people"] == len(truth)


def test_small_errors_are_measured() -> None:
    found = {"Ada": [(0.1, 10.0), (20.0, 29.7)], "Ben": [(13.2, 18.0)]}
    result = score_timeline(found, TRUTH)
    told = result.as_json()
    # Ben's interval overlaps by 4.8 of 6 seconds: found at 0.5, not at 0.9.
    assert told["interval_f1"] == pytest.approx({"0.5": 1.0, "0.9": 2 / 3})
    assert told["screen_time_error"] == pytest.approx({"Ada": 0.02, "Ben": 0.2})
    assert told["screen_time_bias"] == pytest.approx({"Ada": -0.02, "Ben": -0.2})
    assert sorted(result.in_ms) == pytest.approx([0, 100, 1200])
    assert told["boundary_ms"] == pytest.approx({"in": 100.0, "out": 0.0})
    assert told["person_f1"] == {"Ada": {"0.5": 1.0, "0.9": 1.0}, "Ben": {"0.5": 1.0, "0.9": 0.0}}
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_seconds_have_a_recall_and_a_precision() -> None:
    found = {"Ada": [(0.0, 10.0), (20.0, 32.0)], "Zoe": [(40.0, 42.0)]}
    told = score_timeline(found, TRUTH, unnamed=()).as_json()
    # True are 20 + 6 seconds, told 22 + 2, right 20. Two of four ends are off by 0, one by 2 s.
    assert told["time_recall"] == pytest.approx(20 / 26)
    assert told["time_precision"] == pytest.approx(20 / 24)
    assert told["boundary_rms_ms"] == pytest.approx(1000.0)
    assert score_timeline({}, TRUTH).time_recall == 0


def test_exactly_one_half_counts() -> None:
    found = {"Ada": [(0.1, 0.7)]}
    assert score_timeline(found, {"Ada": [(0.1, 1.3)]}).scores[0].hits == 1


def test_the_unnamed_are_known_by_their_overlap() -> None:
    found = {"person 1": [(12.0, 18.0)], "person 2": [(0.0, 10.0), (20.0, 30.0)]}
    told = score_timeline(found, TRUTH).as_json()
    assert told["found_as"] == {"Ada": "person 2", "Ben": "person 1"}
    assert told["interval_f1"] == {"0.5": 1.0, "0.9": 1.0}


def test_a_wrong_name_stays_wrong() -> None:
    found = {"Cem": TRUTH["Ada"], "Ben": TRUTH["Ben"]}
    told = score_timeline(found, TRUTH, unnamed=()).as_json()
    assert told["found_as"] == {"Ada": None, "Ben": "Ben"}
    assert told["screen_time_error"] == {"Ada": 1.0, "Ben": 0.0}
    assert told["strangers"] == ["Cem"]
    assert told["interval_f1"] == pytest.approx({"0.5": 1 / 3, "0.9": 1 / 3})


def test_a_person_split_in_two_costs() -> None:
    found = {"1": [(0.0, 10.0)], "2": [(20.0, 30.0)], "3": [(12.0, 18.0)]}
    result = score_timeline(found, TRUTH)
    assert (result.people, len(result.strangers), result.mixed) == (3, 1, ())
    assert result.scores[0].f1 == pytest.approx(2 / 3)
    assert result.as_json()["screen_time_error"] == pytest.approx({"Ada": 0.5, "Ben": 0.0})


def test_two_people_in_one_are_mixed_but_sharing_the_screen_is_not() -> None:
    assert score_timeline({"1": [(0.0, 18.0)]}, TRUTH).mixed == ("1",)
    together = {"Ada": [(0.0, 10.0)], "Ben": [(2.0, 9.0)]}
    assert score_timeline(together, together).mixed == ()


def test_a_name_is_not_given_away() -> None:
    found = {"Ada": [(0.0, 1.0)], "1": TRUTH["Ada"]}
    told = score_timeline(found, TRUTH).as_json()
    assert told["found_as"] == {"Ada": "Ada", "Ben": None}
    assert told["strangers"] == ["1"]


def test_nothing_found_and_nothing_there() -> None:
    told = score_timeline({}, TRUTH).as_json()
    assert told["interval_f1"] == {"0.5": 0.0, "0.9": 0.0}
    assert (told["people"], told["true_people"]) == (0, 2)
    assert told["boundary_ms"] == {"in": None, "out": None}
    assert score_timeline({}, {}).as_json()["interval_f1"] == {"0.5": 1.0, "0.9": 1.0}
    assert score_timeline({"1": [(0.0, 1.0)]}, {}).scores[0].f1 == 0.0


def test_strictness_is_checked() -> None:
    with pytest.raises(UsageError):
        score_timeline(TRUTH, TRUTH, ious=(0.0,))
