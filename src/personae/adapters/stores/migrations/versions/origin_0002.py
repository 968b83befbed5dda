"""Where media from the web came from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """From 0001."""
    op.create_table(
        "origin",
        sa.Column("id", KEY, autoincrement=True, nullable=False),
        sa.Column("media", KEY, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("uploader", sa.Text(), nullable=True),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("subtitles", sa.JSON(), nullable=False, comment="language and file of each"),
        sa.ForeignKeyConstraint(["media"], ["media.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("media", "url"),
    )
    op.create_index("ix_origin_media", "origin", ["media"], unique=False)
