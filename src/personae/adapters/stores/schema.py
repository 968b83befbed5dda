"""What is kept: one schema for SQLite and PostgreSQL.

Times are PTS with the medium's base, or UTC in integer milliseconds; never floats of seconds.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA = "0003"
"""The newest migration this version knows; it leads to the tables below."""
metadata = MetaData()

Key = BigInteger().with_variant(Integer, "sqlite")
"""SQLite gives numbers by itself only to a column of type INTEGER."""
# sqlite_autoincrement: no number is given twice. People, acts and indexes hold on to numbers; by
# itself SQLite gives the number of the last row that was deleted to the next one.


def _id() -> Column[int]:
    return Column("id", Key, primary_key=True, autoincrement=True)


def _ref(name: str, target: str, *, null: bool = False) -> Column[int]:
    action = "SET NULL" if null else "CASCADE"
    return Column(name, Key, ForeignKey(target, ondelete=action), nullable=null, index=True)


media = Table(
    "media",
    metadata,
    _id(),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("path", Text, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("base_num", BigInteger, nullable=False),
    Column("base_den", BigInteger, nullable=False),
    Column("length", BigInteger, nullable=False, comment="PTS of the end"),
    Column("fps", Float),
    Column("captured_at", BigInteger),
    Column("collection", Text),
    Column("added_at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
place = Table(
    "place",
    metadata,
    _id(),
    _ref("media", "media.id"),
    Column("path", Text, nullable=False, unique=True),
    Column("bytes", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
)
origin = Table(
    "origin",
    metadata,
    _id(),
    _ref("media", "media.id"),
    Column("url", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("uploader", Text),
    Column("published_at", BigInteger),
    Column("fetched_at", BigInteger, nullable=False),
    Column("subtitles", JSON, nullable=False, comment="language and file of each"),
    UniqueConstraint("media", "url"),
)
space = Table(
    "space",
    metadata,
    _id(),
    Column("model", Text, nullable=False),
    Column("weights", String(16), nullable=False),
    Column("size", Integer, nullable=False),
    UniqueConstraint("model", "weights", "size"),
)
run = Table(
    "run",
    metadata,
    _id(),
    _ref("media", "media.id"),
    Column("settings", String(16), nullable=False),
    Column("state", String(8), nullable=False, comment="hidden, shown, failed"),
    Column("segments", Integer, nullable=False, comment="kept so far; work resumes after them"),
    Column("counts", JSON, nullable=False),
    Column("error", JSON),
    Column("started_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    sqlite_autoincrement=True,
)
sighting = Table(
    "sighting",
    metadata,
    _id(),
    _ref("run", "run.id"),
    Column("segment", Integer, nullable=False),
    Column("number", Integer, nullable=False, comment="of the track within its segment"),
    Column("kind", String(8), nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False, comment="exclusive"),
    Column("path", LargeBinary, nullable=False, comment="boxes over time, packed"),
    Column("quality", Float, nullable=False),
    Column("opened", Boolean, nullable=False),
    Column("closed", Boolean, nullable=False),
    _ref("body", "sighting.id", null=True),
    sqlite_autoincrement=True,
)
shot = Table(
    "shot",
    metadata,
    _id(),
    _ref("sighting", "sighting.id"),
    Column("pts", BigInteger, nullable=False),
    Column("box", JSON, nullable=False),
    Column("landmarks", JSON),
    Column("quality", Float, nullable=False),
    Column("parts", JSON, nullable=False),
)
crop = Table(
    "crop",
    metadata,
    Column("shot", Key, ForeignKey("shot.id", ondelete="CASCADE"), primary_key=True),
    Column("jpeg", LargeBinary, nullable=False),
)
embedding = Table(
    "embedding",
    metadata,
    _id(),
    _ref("sighting", "sighting.id"),
    _ref("space", "space.id"),
    Column("vector", LargeBinary, nullable=False, comment="fp16, length 1"),
    Column("shots", Integer, nullable=False, comment="views averaged"),
    UniqueConstraint("sighting", "space"),
)
person = Table(
    "person",
    metadata,
    _id(),
    Column("name", Text, index=True),
    Column("kind", String(8), nullable=False, comment="named, auto, hidden"),
    Column("gender", Text, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("consent", JSON),
    Column("birth_date", String(10)),
    Column("created_at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
belongs = Table(
    "belongs",
    metadata,
    _id(),
    _ref("sighting", "sighting.id"),
    _ref("person", "person.id"),
    Column("score", Float),
    Column("by", String(8), nullable=False, comment="cluster, match, hand"),
    UniqueConstraint("sighting"),
)
person_change = Table(
    "person_change",
    metadata,
    Column("person", Key, primary_key=True, autoincrement=False, comment="also one that is gone"),
    Column("at", BigInteger, nullable=False, index=True, comment="number of the last change"),
)
constraint = Table(
    "constraint_",
    metadata,
    _id(),
    Column("same", Boolean, nullable=False),
    Column("a", JSON, nullable=False, comment="anchor: sha256, kind, pts, box"),
    Column("b", JSON, nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
pin = Table(
    "pin",
    metadata,
    _id(),
    Column("sha256", String(64), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("pts", BigInteger, nullable=False),
    Column("box", JSON, nullable=False),
    _ref("person", "person.id"),
    Column("by", String(8), nullable=False),
    Column("at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
act = Table(
    "act",
    metadata,
    _id(),
    Column("at", BigInteger, nullable=False),
    Column("verb", String(16), nullable=False),
    Column("summary", Text, nullable=False),
    Column("before", JSON, nullable=False, comment="the rows as they were: its inverse"),
    Column("undone_at", BigInteger),
    sqlite_autoincrement=True,
)
template = Table(
    "template",
    metadata,
    _id(),
    _ref("person", "person.id"),
    _ref("space", "space.id"),
    Column("sha256", String(64), nullable=False, comment="of the picture it was enrolled from"),
    Column("path", Text, nullable=False),
    Column("vector", LargeBinary, nullable=False, comment="fp16, length 1"),
    Column("shots", Integer, nullable=False),
    Column("quality", Float, nullable=False),
    Column("jpeg", LargeBinary, nullable=False),
)
job = Table(
    "job",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("state", String(10), nullable=False, index=True),
    Column("worker", Text),
    Column("lease_until", BigInteger),
    Column("attempts", Integer, nullable=False),
    Column("progress", Float, nullable=False),
    Column("frames", Integer, nullable=False),
    Column("result", JSON),
    Column("error", JSON),
    Column("updated_at", BigInteger, nullable=False),
)
meta = Table(
    "meta",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)
Index("sighting_run_kind", sighting.c.run, sighting.c.kind)
Index("pin_place", pin.c.sha256, pin.c.pts)
