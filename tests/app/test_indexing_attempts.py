"""Interruptions are no fault of the file: attempts are counted within one call of ``index``."""

from __future__ import annotations

from pathlib import Path

from personae.adapters.demo import PORTRAITS
from personae.adapters.queues.sqlite import SqliteQueue
from personae.app.build import choose
from personae.app.library import Library
from personae.app.settings import Settings


def test_a_call_after_two_interrupted_ones_counts_from_one(tmp_path: Path) -> None:
    photo = PORTRAITS["biden"].path
    settings = Settings(library=tmp_path / "library", workers=1)
    with Library(settings) as library:
        queue = SqliteQueue(library.store.engine)
        fingerprint = settings.observe.fingerprint(choose().names())
        key = f"index:{fingerprint}:{photo}"
        queue.put(key, "index", {"path": str(photo), "settings": fingerprint})
        for _ in range(2):
            assert queue.claim("local:1:1", 60.0) is not None
            queue.release("local:1:1")
        [before] = queue.all([key])
        summary = library.index([photo])
        [after] = queue.all([key])
    assert (before.state, before.attempts) == ("waiting", 2)
    assert [one.path for one in summary.indexed] == [str(photo)]
    assert (after.state, after.attempts) == ("done", 1)
