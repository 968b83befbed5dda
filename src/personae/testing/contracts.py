"""What every adapter of a socket promises, as plain functions that a plug-in's author can call.

Each function exercises one socket and raises ``ContractBroken``, which says what was promised and
what came instead. From a test::

    from personae.testing import contracts

    def test_my_embedder() -> None:
        contracts.check_embedder(MyEmbedder())
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from personae.core.arrays import Boxes, Ids, RgbImage, Vectors
from personae.core.detections import Detections
from personae.core.embedding import Space, unit
from personae.core.errors import DeliveryError, PersonaeError, SourceError, SpaceMismatch
from personae.core.events import Alert, Event
from personae.core.frame import Frame, FrameTime, Picture
from personae.core.segment import Segment
from personae.ports import (
    Cutter,
    Detector,
    Embedder,
    FrameSource,
    Notifier,
    RunStore,
    Tracker,
    VectorIndex,
)
from personae.testing.script import FakePicture, Script

CLOSE = 1e-3
"""Two float32 numbers that differ by less are the same."""


class ContractBroken(AssertionError):
    """An adapter does not do what its socket promises."""


def promise(kept: bool, what: str) -> None:
    """Raise ContractBroken saying ``what`` was promised unless it was kept."""
    if not kept:
        raise ContractBroken(what)


def check_picture(picture: Picture) -> None:
    """A picture is upright RGB of the size it says, at any size, with a coarse brightness."""
    width, height = picture.width, picture.height
    whole = picture.rgb()
    promise(whole.dtype == np.uint8, f"rgb() must be uint8, not {whole.dtype}")
    promise(whole.shape == (height, width, 3), f"rgb() must be {(height, width, 3)}")
    for across, down in ((width, height), (31, 17), (2 * width, 3 * height)):
        shape = picture.rgb_at(across, down).shape
        promise(shape == (down, across, 3), f"rgb_at({across}, {down}) must not be {shape}")
    luma = picture.luma()
    promise(luma.dtype == np.uint8 and luma.ndim == 2, "luma() must be (h, w) uint8")
    promise(luma.size <= 80 * 80, f"luma() must be coarse, not {luma.shape}")
    promise(np.array_equal(luma, picture.luma()), "luma() must be the same every time")


def check_source(make: Callable[[], FrameSource]) -> None:
    """Times begin at 0 and rise exactly; a start gives the tail; a closed source fails.

    Args:
        make: opens the same sound film or photo anew at each call.
    """
    with make() as source:
        frames = list(source.frames())
        promise(bool(frames), "a sound source must give at least one frame")
        info, times = source.info, [frame.time.pts for frame in frames]
        promise(times[0] == 0, f"the first frame must be at 0, not {times[0]}")
        promise(all(a < b for a, b in pairwise(times)), "times must rise")
        promise({f.time.base for f in frames} == {info.base}, "times must be in units of info.base")
        promise((len(frames) == 1) == info.still, "one frame is a photo and a photo one frame")
        sizes = {(f.picture.width, f.picture.height) for f in frames}
        promise(sizes == {(info.width, info.height)}, f"all pictures must be as announced: {sizes}")
        numbers = [frame.index for frame in frames]
        promise(numbers == list(range(len(frames))), "frames must be numbered from 0")
        check_picture(frames[0].picture)
        check_picture(frames[-1].picture)
        _check_starts(source, times, info.base)
        again = [frame.time.pts for frame in source.frames()]
        promise(again == times, "a second iteration must give the same times")
    try:
        list(source.frames())
    except SourceError:
        return
    raise ContractBroken("a closed source must raise SourceError, not end")


def _check_starts(source: FrameSource, times: Sequence[int], base: Fraction) -> None:
    for share in (0.0, 0.3, 0.5, 0.99, 2.0):
        start = float(times[-1] * base) * share
        before = sum(1 for pts in times if pts * base <= Fraction(start))
        tail = [frame.time.pts for frame in source.frames(start)]
        promise(
            tail == list(times[before - 1 :]),
            f"frames({start}) must begin with the last frame at or before it",
        )


def check_detector(detector: Detector, pictures: Sequence[RgbImage]) -> None:
    """One answer a picture, in order, the same alone as in a batch, in pixels of the picture.

    Args:
        detector: what is checked.
        pictures: two or more different ones; on one at least something must be found.
    """
    before = [picture.copy() for picture in pictures]
    found = detector.detect(pictures)
    promise(len(found) == len(pictures), f"{len(pictures)} pictures need as many answers")
    promise(any(len(one) for one in found), "nothing was found on any of the pictures")
    promise(detector.detect([]) == [], "no picture must give no answer")
    for picture, one in zip(pictures, found, strict=True):
        promise(one.kind == detector.kind, f"found {one.kind}, but finds {detector.kind}")
        promise(bool(((one.scores >= 0) & (one.scores <= 1)).all()), "scores must be 0..1")
        promise(bool((one.boxes[:, :2] < one.boxes[:, 2:]).all()), "boxes must be x1 y1 x2 y2")
        _check_places(one, picture)
        (alone,) = detector.detect([picture])
        same = len(alone) == len(one) and np.allclose(alone.boxes, one.boxes, atol=0.5)
        promise(same, "a picture must give the same alone as in a batch")
    unharmed = all(np.array_equal(a, b) for a, b in zip(before, pictures, strict=True))
    promise(unharmed, "pictures must not be changed")


def _check_places(found: Detections, picture: RgbImage) -> None:
    height, width = picture.shape[:2]
    middles = (found.boxes[:, :2] + found.boxes[:, 2:]) / 2
    inside = ((middles >= 0) & (middles <= np.array([width, height]))).all()
    promise(bool(inside), "boxes must be in pixels of the picture that was given")
    if found.kind == "face":
        promise(found.landmarks is not None, "faces must have five landmarks")
    if found.landmarks is not None and len(found):
        left, right = found.landmarks[:, 0, 0], found.landmarks[:, 1, 0]
        promise(bool((left <= right).mean() >= 0.5), "the left eye is the picture's, at smaller x")


def check_embedder(embedder: Embedder) -> None:
    """Unit rows of its space, in order, the same alone as in a batch, colours not swapped."""
    side, size = embedder.crop_size, embedder.space.size
    crops = np.random.default_rng(0).integers(0, 255, (5, side, side, 3)).astype(np.uint8)
    crops[:, :, :, 0] //= 2
    before = crops.copy()
    vectors = embedder.embed(crops)
    promise(vectors.shape == (5, size), f"5 crops must give (5, {size}), not {vectors.shape}")
    promise(vectors.dtype == np.float32, f"vectors must be float32, not {vectors.dtype}")
    lengths = np.linalg.norm(vectors, axis=1)
    promise(bool(np.allclose(lengths, 1, atol=CLOSE)), f"rows must have length 1: {lengths}")
    alone = np.concatenate([embedder.embed(crops[i : i + 1]) for i in range(5)])
    promise(bool(np.allclose(alone, vectors, atol=CLOSE)), "alone and in a batch must be the same")
    turned = embedder.embed(np.ascontiguousarray(crops[::-1]))[::-1]
    promise(bool(np.allclose(turned, vectors, atol=CLOSE)), "rows must be in the order of crops")
    nothing = embedder.embed(crops[:0])
    promise(nothing.shape == (0, size), f"no crops must give (0, {size}), not {nothing.shape}")
    promise(np.array_equal(crops, before), "crops must not be changed")


def check_cutter(cutter: Cutter) -> None:
    """The map takes picture pixels to crop pixels; what lies outside is filled; JPEGs are JPEGs."""
    y, x = np.mgrid[:120, :160]
    picture = np.stack([x, y, np.full_like(x, 77)], 2).astype(np.uint8)
    shift = np.array([[1.0, 0.0, -30.0], [0.0, 1.0, -20.0]])
    double = np.array([[2.0, 0.0, -60.0], [0.0, 2.0, -40.0]])
    quarter = np.array([[0.0, -1.0, 79.0], [1.0, 0.0, -30.0]])
    crops = cutter.cut(picture, [shift, double, quarter], 40)
    promise(crops.shape == (3, 40, 40, 3), f"3 maps of 40 must give (3, 40, 40, 3): {crops.shape}")
    promise(crops.dtype == np.uint8, f"crops must be uint8, not {crops.dtype}")
    for name, crop, at in (
        ("shifted", crops[0], (40, 30)),
        ("doubled", crops[1], (35, 25)),
        ("turned", crops[2], (40, 69)),
    ):
        seen, wanted = crop[10, 10].astype(int), np.array([*at, 77])
        promise(
            bool(np.abs(seen - wanted).max() <= 1), f"{name}: {wanted} must be there, not {seen}"
        )
    away = cutter.cut(picture, [np.array([[1.0, 0.0, -155.0], [0.0, 1.0, -115.0]])], 40)
    promise(away.shape == (1, 40, 40, 3), "a crop that leaves the picture must have the full size")
    promise(cutter.cut(picture, [], 40).shape == (0, 40, 40, 3), "no maps must give no crops")
    data = cutter.jpeg(crops[0])
    promise(data[:2] == b"\xff\xd8" and data[-2:] == b"\xff\xd9", "jpeg() must be a JPEG file")


def check_tracker(make: Callable[[], Tracker]) -> None:
    """Two who stand apart are two tracks; every id that was given leaves exactly once."""
    tracker, other = make(), make()
    given: set[int] = set()
    left: list[int] = []
    for step in range(10):
        boxes = np.array([[20, 20, 60, 70], [200, 20, 240, 70]], np.float32)
        boxes[:, [0, 2]] += 2 * step
        ids = tracker.update(_frame(step), _found(boxes)).ids
        promise(ids.shape == (2,), f"each detection must have an id: {ids.shape}")
        real = ids[ids >= 0].tolist()
        promise(len(set(real)) == len(real), "no two detections of a frame may have one id")
        given.update(real)
        left += [*tracker.lost().tolist(), *tracker.rejected().tolist()]
    promise(len(given) >= 2, f"two people must have two tracks: {sorted(given)}")
    promise(not len(other.finish()), "instances must share no state")
    left += [*tracker.finish().tolist(), *tracker.lost().tolist(), *tracker.rejected().tolist()]
    promise(sorted(left) == sorted(given), f"{sorted(given)} must leave once each: {sorted(left)}")
    promise(not len(tracker.finish()), "after finish() nothing must be open")
    fresh = tracker.update(_frame(20), _found(np.array([[20, 20, 60, 70]], np.float32))).ids
    promise(not given & set(fresh[fresh >= 0].tolist()), "an id must never be given twice")


def _frame(step: int) -> Frame:
    script = Script((), 1)
    return Frame(FakePicture(script, 0), step, FrameTime(step * 5, script.base))


def _found(boxes: Boxes) -> Detections:
    marks = np.repeat(boxes[:, None, :2] + 10, 5, 1).astype(np.float32)
    return Detections("face", boxes, np.full(len(boxes), 0.95, np.float32), marks)


def check_run_store(runs: RunStore, media_id: int, other_id: int) -> None:
    """Runs are hidden until finished, go on where they stopped, and are kept whole.

    Args:
        runs: what is checked, without runs of the two media.
        media_id: a medium the store knows.
        other_id: another one; it may be gone afterwards.
    """
    run = runs.begin(media_id, "first")
    promise((run.state, run.segments) == ("hidden", 0), "a new run is hidden and empty")
    promise(not runs.shown(media_id, "first"), "a hidden run must not be shown")
    one, two = Segment(0), Segment(1)
    one.counts.frames, two.counts.frames = 100, 20
    for segment in (one, one, two, one):
        runs.keep(run.id, segment)
    again = runs.begin(media_id, "first")
    promise((again.id, again.segments) == (run.id, 2), "work must go on after the last segment")
    counts = runs.finish(run.id, 120, 4)
    promise(counts["frames"] == 120, f"a segment kept twice must count once: {counts}")
    promise(runs.shown(media_id, "first"), "a finished run must be shown")
    promise(runs.begin(media_id, "second").segments == 0, "other settings begin anew")
    newer = runs.begin(media_id, "third")
    promise(runs.shown(media_id, "first"), "the former run must be shown until the new one is done")
    runs.finish(newer.id, None, 4)
    promise(runs.shown(media_id, "third"), "the new run must be shown")
    promise(not runs.shown(media_id, "first"), "the former run must be gone")
    failed = runs.begin(other_id, "first")
    runs.discard(failed.id)
    promise(not runs.shown(other_id, "first"), "a discarded run must not be shown")


def check_vector_index(make: Callable[[Space], VectorIndex]) -> None:
    """Finds what an exact search finds, forgets what is removed, refuses other spaces."""
    space = Space("contract", "0123456789abcdef", 24)
    index = make(space)
    promise((index.space, index.cursor) == (space, 0), "a new index is of its space, at 0")
    rng = np.random.default_rng(0)
    rows, asked = unit(rng.standard_normal((60, 24))), unit(rng.standard_normal((4, 24)))
    ids = np.arange(60, dtype=np.int64) * 3 + 10
    none: Ids = np.zeros(0, np.int64)
    index.apply(ids, rows, none, 7)
    promise(index.cursor == 7, "apply() must move the cursor")
    _check_nearest(index, ids, rows, asked)
    index.apply(none, rows[:0], ids[::2], 8)
    _check_nearest(index, ids[1::2], rows[1::2], asked)
    only = index.search(space, asked, 5, ids[1:4])
    promise(set(only.ids[only.ids >= 0].tolist()) <= set(ids[1:4].tolist()), "only those allowed")
    promise(only.counts.tolist() == [2] * 4, "counts must say how many are real")
    promise(bool((only.ids[:, 2:] == -1).all()), "what is missing must be -1")
    stranger = Space("other", space.weights, space.size)
    try:
        index.search(stranger, asked, 1, None)
    except SpaceMismatch:
        return
    except PersonaeError as error:
        raise ContractBroken(f"another space must raise SpaceMismatch, not {error!r}") from error
    raise ContractBroken("a question of another space must be refused")


def _check_nearest(index: VectorIndex, ids: Ids, rows: Vectors, asked: Vectors) -> None:
    matches = index.search(index.space, asked, 3, None)
    cosines = asked @ rows.T
    best = np.argsort(-cosines, axis=1)[:, :3]
    promise(np.array_equal(matches.ids, ids[best]), "the nearest must be found, best first")
    exact = np.take_along_axis(cosines, best, 1)
    promise(bool(np.allclose(matches.scores, exact, atol=5e-3)), "scores must be cosines")


def check_notifier(make: Callable[[], Notifier], arrived: Callable[[int], Sequence[str]]) -> None:
    """Alerts arrive once, in order, with and without a picture; closing is final and may repeat.

    Args:
        make: a notifier whose receiver works.
        arrived: waits for so many alerts and gives the ids of all that came, in order.
    """
    notifier = make()
    sent = []
    for number in range(5):
        event = Event("person", f"Tür {number}", f"{number}", "known", 7, "Ñandú", 0.9, "live")
        picture = b"\xff\xd8\xff\xd9" if number % 2 else None
        notifier.send(Alert(f"alert-{number}", number, "rule", event, picture))
        sent.append(f"alert-{number}")
    came = list(arrived(len(sent)))
    promise(came == sent, f"sent {sent}, but {came} arrived")
    notifier.close()
    notifier.close()
    try:
        notifier.send(Alert("late", 9, "rule", Event("dark", "Tür", "9")))
    except DeliveryError:
        promise(list(arrived(len(sent))) == sent, "a closed notifier must not deliver")
        return
    raise ContractBroken("a closed notifier must raise DeliveryError")
