"""What every store promises about media, analyses, sightings and acts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from personae.adapters.stores.library import SqliteStore
from personae.core.embedding import Space, unit
from personae.core.errors import (
    LibraryMissing,
    NothingToUndo,
    SourceUnsupported,
    StoreError,
    UnknownPerson,
)
from personae.core.segment import Counts, Segment
from personae.flows.appearances import intervals
from tests.adapters.stores.library import (
    INFO,
    PHOTO,
    SPACE,
    cast,
    film,
    index,
    jpeg,
    opened,
    sha,
    shot,
    template,
    track,
    who,
)


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return opened(tmp_path / "library")


def test_a_library_is_made_only_where_asked(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing):
        SqliteStore(tmp_path / "none", jpeg, create=False)
    assert not (tmp_path / "none").exists()


def test_one_content_at_many_places_is_one_medium(store: SqliteStore, tmp_path: Path) -> None:
    first = film(store, tmp_path, "a.mp4", "same")
    second = film(store, tmp_path, "elsewhere/b.mp4", "same")
    assert first == second
    assert store.media.by_sha(sha("same")) == first
    index(store, first, cast([1]))
    for place in ("a.mp4", "elsewhere/b.mp4"):
        assert store.media.done_at(tmp_path / place, "one")
        assert not store.media.done_at(tmp_path / place, "two")
    (tmp_path / "a.mp4").write_text("another content")
    assert not store.media.done_at(tmp_path / "a.mp4", "one")
    assert store.media.done_at(tmp_path / "elsewhere/b.mp4", "one")


def test_a_place_taken_by_another_content_leads_to_the_other(
    store: SqliteStore, tmp_path: Path
) -> None:
    old = film(store, tmp_path, "a.mp4", "old")
    film(store, tmp_path, "b.mp4", "old")
    new = film(store, tmp_path, "a.mp4", "new")
    assert new.id != old.id and new.path == str(tmp_path / "a.mp4")
    kept = store.media.get(old.id)
    assert kept is not None and kept.path == str(tmp_path / "b.mp4")


def test_a_moved_film_is_found_at_its_new_place(store: SqliteStore, tmp_path: Path) -> None:
    film(store, tmp_path, "a.mp4", "same")
    (tmp_path / "a.mp4").unlink()
    assert film(store, tmp_path, "new.mp4", "same").path == str(tmp_path / "new.mp4")


def test_a_file_name_that_is_no_unicode_is_refused_by_name(
    store: SqliteStore, tmp_path: Path
) -> None:
    path = tmp_path / "caf\udce9.mp4"
    path.write_text("x")
    with pytest.raises(SourceUnsupported, match="udce9"):
        store.media.add(path, sha("x"), INFO, None)


def test_what_is_not_finished_is_not_to_be_seen(store: SqliteStore, tmp_path: Path) -> None:
    media = film(store, tmp_path, "a.mp4")
    run = store.runs.begin(media.id, "one")
    store.runs.keep(run.id, Segment(0, cast([1, 2])))
    assert not store.runs.shown(media.id, "one")
    assert store.media.shown() == []
    assert store.sightings.all() == [] and store.sightings.vectors(SPACE) == []
    assert store.sightings.spaces() == [] and store.sightings.counts() == {}
    assert store.sightings.path(1) is None and store.sightings.best_crop([1, 2]) is None
    store.runs.finish(run.id, 60_000, 5)
    assert store.runs.shown(media.id, "one")
    assert [s.id for s in store.sightings.all()] == [1, 2]
    assert len(store.sightings.vectors(SPACE)) == 2
    assert store.sightings.path(1) is not None and store.sightings.best_crop([1, 2]) is not None


def test_a_segment_kept_twice_is_there_once_and_work_resumes_after_it(
    store: SqliteStore, tmp_path: Path
) -> None:
    media = film(store, tmp_path, "a.mp4")
    run = store.runs.begin(media.id, "one")
    segment = Segment(0, cast([1, 2]), Counts(frames=7))
    store.runs.keep(run.id, segment)
    store.runs.keep(run.id, segment)
    again = store.runs.begin(media.id, "one")
    assert (again.id, again.segments) == (run.id, 1)
    store.runs.keep(run.id, Segment(1, [], Counts(frames=5)))
    counts = store.runs.finish(run.id, None, 5)
    assert counts["frames"] == 12 and counts["face_tracks"] == 2 and counts["body_tracks"] == 0
    assert len(store.sightings.all()) == 2
    store.runs.keep(run.id, Segment(2, cast([3])))
    assert len(store.sightings.all()) == 2, "a finished analysis does not grow"
    assert store.runs.finish(run.id, None, 5) == counts


def test_half_done_work_of_other_settings_is_dropped(store: SqliteStore, tmp_path: Path) -> None:
    media = film(store, tmp_path, "a.mp4")
    old = store.runs.begin(media.id, "one")
    store.runs.keep(old.id, Segment(0, cast([1])))
    new = store.runs.begin(media.id, "two")
    assert new.id != old.id and new.segments == 0
    with pytest.raises(StoreError, match="took its place"):
        store.runs.keep(old.id, Segment(1, []))
    with pytest.raises(StoreError):
        store.runs.finish(old.id, None, 5)


def test_a_new_analysis_takes_the_place_of_the_former_at_once(
    store: SqliteStore, tmp_path: Path
) -> None:
    media = film(store, tmp_path, "a.mp4")
    index(store, media, cast([1, 2, 3]))
    before = store.sightings.generation()
    run = store.runs.begin(media.id, "two")
    store.runs.keep(run.id, Segment(0, cast([1])))
    assert len(store.sightings.all()) == 3, "the old answer stands until the new one is whole"
    store.runs.finish(run.id, 55_000, 5)
    assert len(store.sightings.all()) == 1
    assert store.sightings.generation() > before
    assert not store.runs.shown(media.id, "one")
    found = store.media.get(media.id)
    assert found is not None and found.duration == pytest.approx(55.0)


def test_a_run_that_gave_nothing_leaves_nothing(store: SqliteStore, tmp_path: Path) -> None:
    media = film(store, tmp_path, "a.mp4")
    store.runs.discard(store.runs.begin(media.id, "one").id)
    assert store.media.get(media.id) is None


def test_discarding_never_takes_what_is_shown(store: SqliteStore, tmp_path: Path) -> None:
    media = film(store, tmp_path, "a.mp4")
    run = store.runs.begin(media.id, "one")
    store.runs.keep(run.id, Segment(0, cast([1])))
    store.runs.finish(run.id, None, 5)
    store.runs.discard(run.id)
    assert len(store.sightings.all()) == 1


def halves(kind: str, first: int, cut: int, left: float) -> tuple[object, ...]:
    """A track in two halves on both sides of a segment's end."""
    face = kind == "face"
    before = track(0, (first, cut), left, who(1, 1) if face else None, kind)  # type: ignore[arg-type]
    after = track(0, (cut, cut + 4000), left + 8, who(1, 2) if face else None, kind)  # type: ignore[arg-type]
    return replace(before, closed=True), replace(after, opened=True)


def test_tracks_over_a_segments_end_become_one(store: SqliteStore, tmp_path: Path) -> None:
    media = film(store, tmp_path, "a.mp4")
    body_a, body_b = halves("body", 5_000, 10_000, 90)
    face_a, face_b = halves("face", 6_000, 10_000, 100)
    shots_a = tuple(shot(6_000 + 200 * n, 0.9 - n / 10, 1) for n in range(3))
    shots_b = tuple(shot(10_000 + 200 * n, 0.85 - n / 10, 2) for n in range(3))
    face_a = replace(face_a, number=1, body=0, shots=shots_a)  # type: ignore[type-var]
    face_b = replace(face_b, number=1, body=0, shots=shots_b)  # type: ignore[type-var]
    stranger = track(2, (10_000, 12_000), 1_500, who(9))
    run = store.runs.begin(media.id, "one")
    store.runs.keep(run.id, Segment(0, [body_a, face_a]))  # type: ignore[list-item]
    late = [body_b, face_b, replace(stranger, opened=True)]
    store.runs.keep(run.id, Segment(1, late))  # type: ignore[list-item]
    counts = store.runs.finish(run.id, None, 4)
    assert (counts["face_tracks"], counts["body_tracks"]) == (2, 1)
    seen = store.sightings.all()
    body = next(s for s in seen if s.kind == "body")
    face = next(s for s in seen if s.kind == "face" and s.first == 6_000)
    assert (body.first, body.last) == (5_000, 14_000)
    assert (face.first, face.last, face.body) == (6_000, 14_000, body.id)
    path = store.sightings.path(face.id)
    assert path is not None and (np.diff(path.times) > 0).all() and len(path.times) == 40
    vector = next(v for v in store.sightings.vectors(SPACE) if v.sighting == face.id)
    assert vector.shots == 6
    assert float(vector.vector @ unit(who(1, 1) + who(1, 2))) > 0.999
    with store.engine.connect() as connection:
        kept = connection.exec_driver_sql(
            f"select count(*), min(quality) from shot where sighting = {face.id}"
        ).one()
        crops = connection.exec_driver_sql("select count(*) from crop").scalar()
    assert kept[0] == 4 and kept[1] > 0.74 and crops == 5


def test_halves_in_three_segments_and_of_unlike_faces(store: SqliteStore, tmp_path: Path) -> None:
    media = film(store, tmp_path, "a.mp4")
    spans = [(5_000, 10_000), (10_000, 20_000), (20_000, 23_000)]
    run = store.runs.begin(media.id, "one")
    for number, span in enumerate(spans):
        same = replace(track(0, span, 100, who(1, number)), opened=number > 0, closed=number < 2)
        other = replace(track(1, span, 800, who(5 + number)), opened=number > 0, closed=number < 2)
        store.runs.keep(run.id, Segment(number, [same, other]))
    store.runs.finish(run.id, None, 5)
    spans_found = sorted((s.first, s.last) for s in store.sightings.all())
    assert spans_found == sorted([(5_000, 23_000), *spans])


def test_photos_have_no_length(store: SqliteStore, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_text("a")
    media = store.media.add(path, sha("a"), PHOTO, "holiday")
    assert (media.kind, media.duration, media.collection) == ("photo", 0.0, "holiday")


def test_all_takes_more_numbers_than_a_statement_has_room_for(
    store: SqliteStore, tmp_path: Path
) -> None:
    media = film(store, tmp_path, "a.mp4")
    index(store, media, cast([1, 2]))
    assert len(store.sightings.all(media_ids=[media.id, *range(100, 50_000)])) == 2
    assert store.sightings.all(media_ids=[]) == []
    assert store.sightings.best_crop(range(1, 50_000)) is not None
    store.people.remove(range(1, 50_000))


def test_a_forgotten_medium_leaves_nothing(store: SqliteStore, tmp_path: Path) -> None:
    media = film(store, tmp_path, "a.mp4")
    index(store, media, cast([1, 2]))
    a, b = store.sightings.all()
    person = store.people.create("Ann", "named", "Unknown")
    store.people.assign([a.id], person, "hand")
    store.people.constrain(False, a.id, b.id)
    before = store.sightings.generation()
    store.media.remove(media.id)
    assert store.sightings.generation() > before
    with store.engine.connect() as connection:
        for table in ("media", "place", "run", "sighting", "embedding", "crop", "belongs", "pin"):
            assert connection.exec_driver_sql(f"select count(*) from {table}").scalar() == 0, table
        assert connection.exec_driver_sql("select count(*) from constraint_").scalar() == 0


def test_numbers_of_people_and_sightings_are_not_given_twice(
    store: SqliteStore, tmp_path: Path
) -> None:
    first = store.people.create(None, "auto", "Unknown")
    store.people.remove([first])
    assert store.people.create(None, "auto", "Unknown") > first
    media = film(store, tmp_path, "a.mp4")
    index(store, media, cast([1, 2]))
    old = {s.id for s in store.sightings.all()}
    index(store, media, cast([1, 2]), "two")
    assert not old & {s.id for s in store.sightings.all()}


def test_faces_that_were_replaced_meanwhile_are_left_out(
    store: SqliteStore, tmp_path: Path
) -> None:
    media = film(store, tmp_path, "a.mp4")
    index(store, media, cast([1, 2]))
    gone = [s.id for s in store.sightings.all()]
    index(store, media, cast([1, 2]), "two")
    now = store.sightings.all()[0].id
    person = store.people.create(None, "auto", "Unknown")
    store.people.assign([*gone, now], person, "hand", {now: 0.5})
    assert [s.id for s in store.sightings.all(person=person)] == [now]
    with pytest.raises(StoreError, match="gone"):
        store.people.constrain(True, gone[0], now)
    for missing in (
        lambda: store.people.assign([now], 999, "hand"),
        lambda: store.people.change(999, {"name": "x"}),
        lambda: store.people.take_over(999, person),
    ):
        with pytest.raises(UnknownPerson):
            missing()


def test_an_enrolled_picture_is_kept_once_in_each_space(store: SqliteStore) -> None:
    person = store.people.create("Ann", "named", "Unknown")
    assert store.people.add_template(person, template(person, 1))
    assert not store.people.add_template(person, template(person, 1))
    other = Space("another", "f" * 16, SPACE.size)
    assert store.people.add_template(person, replace(template(person, 1), space=other))
    (kept,) = store.people.templates(SPACE)
    assert float(kept.vector @ who(1)) > 0.999 and kept.jpeg == b"JPEG"


def test_nothing_to_undo(store: SqliteStore) -> None:
    with pytest.raises(NothingToUndo):
        store.acts.undo()


def test_what_is_forgotten_is_not_in_acts_and_cannot_be_undone(store: SqliteStore) -> None:
    ann = store.people.create("Ann", "named", "Unknown")
    bob = store.people.create("Bob", "named", "Unknown")
    for person in (ann, bob):
        store.acts.record("tag", f"of {person}", {**store.acts.snapshot([person]), "created": []})
    store.people.remove([bob])
    store.acts.forget([bob])
    assert [a.summary for a in store.acts.all()] == ["(forgotten)", f"of {ann}"]
    assert store.acts.undo().summary == f"of {ann}"
    with pytest.raises(NothingToUndo):
        store.acts.undo()
    assert [p.name for p in store.people.all()] == ["Ann"]


def test_what_is_around_a_person_says_as_much_of_them_as_everything(
    store: SqliteStore, tmp_path: Path
) -> None:
    """Two people on one body, a body of one person alone, a body of nobody."""
    media = film(store, tmp_path, "a.mp4")
    bodies = [track(n, (1000 * n, 30_000), 300.0, kind="body") for n in (7, 8, 9)]
    faces = cast([1, 2, 1, 3])
    on = {0: 7, 1: 7, 2: 8}
    tracks = [replace(face, body=on.get(face.number)) for face in faces]
    index(store, media, [*bodies, *tracks])
    index(store, film(store, tmp_path, "b.mp4"), cast([2, 3]))
    everything = store.sightings.all()
    shown = [one for one in everything if one.kind == "face"]
    people = [store.people.create(None, "auto", "Unknown") for _ in range(4)]
    for one in shown[:-1]:
        store.people.assign([one.id], people[one.first // 10_000 % 3], "cluster")
    known = {medium.id: medium for medium in store.media.shown()}
    whole = intervals(store.sightings.all(), known, lambda _: 0.9, 0.5)
    assert {"face", "body"} == {one.known_by for one in whole}
    for person in people:
        part = intervals(store.sightings.around(person), known, lambda _: 0.9, 0.5)
        assert [i for i in part if i.person == person] == [i for i in whole if i.person == person]
    assert store.sightings.around(people[3]) == []
    assert len(store.sightings.around(people[2])) < len(everything)
