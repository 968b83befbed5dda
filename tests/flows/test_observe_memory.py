"""A finished segment lets go of its frames at once, not when the collector comes round."""

from __future__ import annotations

import gc
import weakref

from personae.flows.observe import Observer
from personae.testing.fakes import FakeSource
from personae.testing.script import Actor, Script
from tests.flows.scenes import SETTINGS, stage


def test_no_circle_keeps_a_finished_observer() -> None:
    script = Script((Actor(0, 7, 58),), 100)
    source = FakeSource(script)
    observer = Observer(source.info, stage(script).parts, SETTINGS)
    gc.disable()
    try:
        for frame in source.frames():
            observer.feed(frame)
        segment = observer.end(script.length)
        watched = weakref.ref(observer)
        del observer
        assert segment.tracks
        assert watched() is None
    finally:
        gc.enable()
