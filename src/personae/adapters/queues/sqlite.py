"""The embedded job queue: rows of the library, leased, at least once."""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    case,
    delete,
    insert,
    or_,
    select,
    update,
)

from personae.adapters.stores.schema import job
from personae.adapters.stores.sqlite import now_ms, reading, writing
from personae.core.errors import SourceCrashed
from personae.core.records import Job

ATTEMPTS = 3
"""A job that failed this often is not tried again."""


class SqliteQueue:
    """Fits the JobQueue socket."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, key: str, kind: str, payload: dict[str, str]) -> bool:
        """Adds the job, or has it done once more; False if it waits or runs already."""
        fresh = {
            "kind": kind,
            "payload": payload,
            "state": "waiting",
            "worker": None,
            "lease_until": None,
            "attempts": 0,
            "progress": 0.0,
            "frames": 0,
            "result": None,
            "error": None,
            "updated_at": now_ms(),
        }
        with writing(self._engine) as connection:
            state = connection.scalar(select(job.c.state).where(job.c.key == key))
            if state in ("waiting", "running"):
                return False
            # A new row, not the old one again: what is asked for last is done last
            connection.execute(delete(job).where(job.c.key == key))
            connection.execute(insert(job), [{"key": key, **fresh}])
        return True

    def claim(self, worker: str, lease_s: float) -> Job | None:
        """The oldest job that waits or whose worker let its lease run out."""
        now = now_ms()
        free = or_(job.c.state == "waiting", (job.c.state == "running") & (job.c.lease_until < now))
        query = select(job).where(free, job.c.attempts < ATTEMPTS).order_by(job.c.id).limit(1)
        with writing(self._engine) as connection:
            _bury(connection, (job.c.state == "running") & (job.c.lease_until < now))
            row = connection.execute(query).first()
            if row is None:
                return None
            values = {
                "state": "running",
                "worker": worker,
                "lease_until": now + int(lease_s * 1000),
                "attempts": row.attempts + 1,
                "updated_at": now,
            }
            connection.execute(update(job).where(job.c.id == row.id).values(**values))
            return _record(connection.execute(select(job).where(job.c.id == row.id)).one())

    def renew(self, key: str, worker: str, lease_s: float, progress: float, frames: int) -> bool:
        """Keeps the lease; False says that the job was cancelled or given to another."""
        now = now_ms()
        values: dict[str, object] = {
            "lease_until": now + int(lease_s * 1000),
            "progress": progress,
            "frames": frames,
            "updated_at": now,
        }
        return self._set(key, worker, values)

    def done(self, key: str, worker: str, result: dict[str, object]) -> None:
        """The job is finished; what another worker holds by now is left to them."""
        self._set(key, worker, {"state": "done", "progress": 1.0, "result": result})

    def failed(self, key: str, worker: str, error: dict[str, str], retry: bool) -> None:
        """The job failed; it waits again if ``retry`` and attempts are left."""
        again = case((job.c.attempts < ATTEMPTS, "waiting"), else_="failed")
        self._set(key, worker, {"state": again if retry else "failed", "error": error})

    def cancel(self, key: str) -> bool:
        """Stops a waiting or running job; False when there is none."""
        with writing(self._engine) as connection:
            active = job.c.state.in_(["waiting", "running"])
            done = connection.execute(
                update(job)
                .where(job.c.key == key, active)
                .values(state="cancelled", updated_at=now_ms())
            )
            return bool(done.rowcount)

    def release(self, worker: str) -> None:
        """A worker is gone: what it held waits again."""
        with writing(self._engine) as connection:
            mine = (job.c.state == "running") & (job.c.worker == worker)
            _bury(connection, mine)
            connection.execute(
                update(job)
                .where(mine)
                .values(state="waiting", worker=None, lease_until=None, updated_at=now_ms())
            )

    def all(self, keys: list[str] | None = None) -> list[Job]:
        """All jobs, or those with these keys, newest last."""
        with reading(self._engine) as connection:
            return [row for row in _rows(connection, keys)]

    def _set(self, key: str, worker: str, values: dict[str, object]) -> bool:
        mine = (job.c.key == key) & (job.c.worker == worker) & (job.c.state == "running")
        with writing(self._engine) as connection:
            done = connection.execute(
                update(job).where(mine).values(**{"updated_at": now_ms(), **values})
            )
            return bool(done.rowcount)


def _bury(connection: Connection, lost: ColumnElement[bool]) -> None:
    """Jobs that were lost with their worker too often have failed: the file kills its reader."""
    error = SourceCrashed(f"the worker died {ATTEMPTS} times at this job")
    connection.execute(
        update(job)
        .where(lost, job.c.attempts >= ATTEMPTS)
        .values(state="failed", error=error.as_json(), updated_at=now_ms())
    )


def _rows(connection: Connection, keys: list[str] | None) -> list[Job]:
    query = select(job).order_by(job.c.id)
    if keys is None:
        return [_record(row) for row in connection.execute(query)]
    found = []
    for start in range(0, len(keys), 500):
        part = query.where(job.c.key.in_(keys[start : start + 500]))
        found += [_record(row) for row in connection.execute(part)]
    return found


def _record(row: Row[tuple[object, ...]]) -> Job:
    of = row._mapping
    names = (
        "key", "kind", "state", "worker", "attempts", "progress", "frames", "updated_at",
        "error", "result", "payload",
    )  # fmt: skip
    return Job(**{name: of[name] for name in names})
