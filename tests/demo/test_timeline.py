"""The arithmetic of the demo's truth: opacity, dissolves, shots, exact times."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from personae.adapters.demo import (
    FilmSettings,
    Framing,
    Layer,
    Scene,
    Transition,
    Truth,
    demo_plan,
    truth_of,
)
from personae.adapters.demo.camera import face_box, face_is_shown, shoot
from personae.adapters.demo.timeline import frame_count, frames, shot_starts, starts
from personae.core.errors import UsageError

COLLINS = Layer("collins", Framing(0.5, 0.4, 0.25))
BIDEN = Layer("biden", Framing(0.5, 0.4, 0.25))


def truth(plan: tuple[Scene, ...], settings: FilmSettings | None = None) -> Truth:
    s = settings or FilmSettings(fps=Fraction(10))
    return truth_of(plan, s.canvas, s.fps, s.time_base, s.ticks(frame_count(plan)))


def test_hard_cut_hands_over_between_two_frames() -> None:
    found = truth((Scene(5, (COLLINS,)), Scene(7, (BIDEN,))))
    assert found.intervals("Eileen Collins") == [(Fraction(0), Fraction(1, 2))]
    assert found.intervals("Joe Biden") == [(Fraction(1, 2), Fraction(6, 5))]
    assert found.duration == Fraction(6, 5)


@pytest.mark.parametrize(
    ("dissolve", "leaves", "enters"),
    [
        # opacities of the new scene in the shared frames, which begin at frame 10 - dissolve
        (1, 10, 9),  # 1/2: both count in the one shared frame
        (2, 9, 9),  # 1/3 2/3
        (3, 9, 8),  # 1/4 1/2 3/4: both count in the middle one
        (4, 8, 8),  # 1/5 2/5 3/5 4/5
    ],
)
def test_dissolve_counts_from_half_opacity(dissolve: int, leaves: int, enters: int) -> None:
    plan = (Scene(10, (COLLINS,)), Scene(10, (BIDEN,), transition_in=Transition(dissolve)))
    found = truth(plan)
    assert found.intervals("Eileen Collins") == [(Fraction(0), Fraction(leaves, 10))]
    assert found.intervals("Joe Biden") == [(Fraction(enters, 10), Fraction(20 - dissolve, 10))]
    assert shot_starts(plan) == (0, enters)


def test_dissolve_between_two_pictures_of_one_person_is_one_interval() -> None:
    other = Layer("obama2", Framing(0.5, 0.4, 0.25))
    first = Layer("obama", Framing(0.5, 0.4, 0.25))
    plan = (Scene(20, (first,)), Scene(20, (other,), transition_in=Transition(9)))
    assert truth(plan).intervals("Barack Obama") == [(Fraction(0), Fraction(31, 10))]


def test_opacities_of_a_frame_add_up_and_every_frame_is_there_once() -> None:
    plan = demo_plan()
    sums = [sum(part.opacity for part in parts) for parts in frames(plan)]
    assert len(sums) == frame_count(plan)
    assert set(sums) == {Fraction(1)}
    shown = {n: [p.frame for ps in frames(plan) for p in ps if p.number == n] for n in range(14)}
    assert shown == {n: list(range(scene.duration_frames)) for n, scene in enumerate(plan)}


def test_a_face_is_visible_while_half_of_it_is_in_the_picture() -> None:
    walk = Layer("collins", Framing(0.5, 0.4, 0.25), Framing(1.1, 0.4, 0.25))
    ((start, end),) = truth((Scene(11, (walk,)),)).intervals("Eileen Collins")
    # Its centre may reach the edge: 0.5 + 0.06 k <= 1 in frames 0 to 8 of 0 to 10.
    assert (start, end) == (Fraction(0), Fraction(9, 10))


def test_a_head_that_turns_away_shows_no_face_and_stays_on_screen() -> None:
    layer = Layer("obama", Framing(0.5, 0.3, 0.4), away=(0.5, 0.8))
    scene = Scene(11, (layer,))
    assert truth((scene,)).intervals("Barack Obama") == [(Fraction(0), Fraction(11, 10))]
    canvas = FilmSettings().canvas
    before, during, after = (shoot(scene, p, canvas) for p in (0.4, 0.5, 0.8))
    np.testing.assert_array_equal(before, after)
    box = face_box(layer, 0.5, canvas)
    inner = np.s_[round(box.y1) : round(box.y2), round(box.x1 + 20) : round(box.x2 - 20)]
    assert during[inner].mean() < 70 < before[inner].mean()


def test_given_times_are_kept_to_the_tick() -> None:
    settings = FilmSettings(fps=Fraction(30000, 1001), pts=(0, 1001, 2500, 3003, 5000, 5600))
    found = truth((Scene(2), Scene(2, (COLLINS,)), Scene(2)), settings)
    assert found.time_base == Fraction(1, 30000)
    assert found.people["Eileen Collins"].spans == ((2500, 5000),)
    assert found.duration == Fraction(5600 + 1001, 30000)


def test_plans_that_cannot_be_filmed_are_refused() -> None:
    with pytest.raises(UsageError, match="at least one scene"):
        starts(())
    with pytest.raises(UsageError, match="nothing to dissolve from"):
        starts((Scene(10, transition_in=Transition(2)),))
    with pytest.raises(UsageError, match="cannot dissolve over 8"):
        starts(
            (Scene(9), Scene(7, transition_in=Transition(4)), Scene(9, transition_in=Transition(4)))
        )
    with pytest.raises(UsageError, match="no portrait 'nobody'"):
        truth((Scene(2, (Layer("nobody", Framing(0.5, 0.5, 0.2)),)),))
    with pytest.raises(UsageError, match="ascend"):
        FilmSettings(pts=(0, 400, 400)).ticks(3)
    with pytest.raises(UsageError, match="2 times"):
        FilmSettings(pts=(0, 400)).ticks(3)


def test_demo_film_has_three_people_and_no_half_faces() -> None:
    plan = demo_plan()
    found = truth(plan, FilmSettings())
    assert set(found.people) == {"Eileen Collins", "Barack Obama", "Joe Biden"}
    assert found.duration >= 40
    canvas = FilmSettings().canvas
    whole = [
        face_is_shown(layer, part.progress, canvas)
        for parts in frames(plan)
        for part in parts
        for layer in part.scene.layers
    ]
    assert len(whole) > 1000
    assert all(whole)
    assert sum(1 for scene in plan if not scene.layers) >= 3
    assert [len(found.people[n].spans) for n in sorted(found.people)] == [5, 3, 3]
