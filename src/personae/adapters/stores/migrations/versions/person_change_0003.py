"""Of whom something changed, so that a watch reads only them again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """From 0002."""
    op.create_table(
        "person_change",
        sa.Column(
            "person", KEY, autoincrement=False, nullable=False, comment="also one that is gone"
        ),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="number of the last change"),
        sa.PrimaryKeyConstraint("person"),
    )
    op.create_index("ix_person_change_at", "person_change", ["at"], unique=False)
