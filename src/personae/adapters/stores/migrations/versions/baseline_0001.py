"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """From nothing."""
    op.create_table(
        "act",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("verb", sa.String(length=16), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column(
            "before", sa.JSON(), nullable=False, comment="the rows as they were: its inverse"
        ),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "constraint_",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("a", sa.JSON(), nullable=False, comment="anchor: sha256, kind, pts, box"),
        sa.Column("b", sa.JSON(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "job",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_job_state", "job", ["state"], unique=False)
    op.create_table(
        "media",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("base_num", sa.BigInteger(), nullable=False),
        sa.Column("base_den", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False, comment="PTS of the end"),
        sa.Column("fps", sa.Float(), nullable=True),
        sa.Column("captured_at", sa.BigInteger(), nullable=True),
        sa.Column("collection", sa.Text(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sha256"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "person",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False, comment="named, auto, hidden"),
        sa.Column("gender", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("consent", sa.JSON(), nullable=True),
        sa.Column("birth_date", sa.String(length=10), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_person_name", "person", ["name"], unique=False)
    op.create_table(
        "space",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("weights", sa.String(length=16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("model", "weights", "size"),
    )
    op.create_table(
        "pin",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("pts", sa.BigInteger(), nullable=False),
        sa.Column("box", sa.JSON(), nullable=False),
        sa.Column("person", KEY, nullable=False),
        sa.Column("by", sa.String(length=8), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pin_person", "pin", ["person"], unique=False)
    op.create_index("ix_pin_sha256", "pin", ["sha256"], unique=False)
    op.create_index("pin_place", "pin", ["sha256", "pts"], unique=False)
    op.create_table(
        "place",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("media", KEY, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["media"], ["media.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("path"),
    )
    op.create_index("ix_place_media", "place", ["media"], unique=False)
    op.create_table(
        "run",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("media", KEY, nullable=False),
        sa.Column("settings", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False, comment="hidden, shown, failed"),
        sa.Column(
            "segments", sa.Integer(), nullable=False, comment="kept so far; work resumes after them"
        ),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["media"], ["media.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_run_media", "run", ["media"], unique=False)
    op.create_table(
        "template",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("person", KEY, nullable=False),
        sa.Column("space", KEY, nullable=False),
        sa.Column(
            "sha256",
            sa.String(length=64),
            nullable=False,
            comment="of the picture it was enrolled from",
        ),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False, comment="fp16, length 1"),
        sa.Column("shots", sa.Integer(), nullable=False),
        sa.Column("quality", sa.Float(), nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["space"], ["space.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_template_person", "template", ["person"], unique=False)
    op.create_index("ix_template_space", "template", ["space"], unique=False)
    op.create_table(
        "sighting",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("run", KEY, nullable=False),
        sa.Column("segment", sa.Integer(), nullable=False),
        sa.Column(
            "number", sa.Integer(), nullable=False, comment="of the track within its segment"
        ),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False, comment="exclusive"),
        sa.Column("path", sa.LargeBinary(), nullable=False, comment="boxes over time, packed"),
        sa.Column("quality", sa.Float(), nullable=False),
        sa.Column("opened", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("body", KEY, nullable=True),
        sa.ForeignKeyConstraint(["body"], ["sighting.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["run"], ["run.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_sighting_body", "sighting", ["body"], unique=False)
    op.create_index("ix_sighting_run", "sighting", ["run"], unique=False)
    op.create_index("sighting_run_kind", "sighting", ["run", "kind"], unique=False)
    op.create_table(
        "belongs",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("sighting", KEY, nullable=False),
        sa.Column("person", KEY, nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("by", sa.String(length=8), nullable=False, comment="cluster, match, hand"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["sighting"], ["sighting.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sighting"),
    )
    op.create_index("ix_belongs_person", "belongs", ["person"], unique=False)
    op.create_index("ix_belongs_sighting", "belongs", ["sighting"], unique=False)
    op.create_table(
        "embedding",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("sighting", KEY, nullable=False),
        sa.Column("space", KEY, nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False, comment="fp16, length 1"),
        sa.Column("shots", sa.Integer(), nullable=False, comment="views averaged"),
        sa.ForeignKeyConstraint(["sighting"], ["sighting.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["space"], ["space.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sighting", "space"),
    )
    op.create_index("ix_embedding_sighting", "embedding", ["sighting"], unique=False)
    op.create_index("ix_embedding_space", "embedding", ["space"], unique=False)
    op.create_table(
        "shot",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("sighting", KEY, nullable=False),
        sa.Column("pts", sa.BigInteger(), nullable=False),
        sa.Column("box", sa.JSON(), nullable=False),
        sa.Column("landmarks", sa.JSON(), nullable=True),
        sa.Column("quality", sa.Float(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["sighting"], ["sighting.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_shot_sighting", "shot", ["sighting"], unique=False)
    op.create_table(
        "crop",
        sa.Column("shot", KEY, nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["shot"], ["shot.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("shot"),
    )
