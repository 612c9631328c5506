"""Cases and their changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "adviser_case",
        sa.Column("case_id", sa.String(32), primary_key=True),
        sa.Column("hub", sa.String(200), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("changed_at", sa.String(40), nullable=False),
        sa.Column("changed_by", sa.String(200), nullable=False),
        sa.Column("deleted_at", sa.String(40), nullable=True),
    )
    op.create_index("ix_adviser_case_hub", "adviser_case", ["hub"])
    op.create_index("ix_adviser_case_deleted_at", "adviser_case", ["deleted_at"])
    op.create_table(
        "adviser_case_change",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column(
            "case_id",
            sa.String(32),
            sa.ForeignKey("adviser_case.case_id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("who", sa.String(200), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("what", sa.String(300), nullable=False),
    )
    op.create_index("ix_adviser_case_change_case_id", "adviser_case_change", ["case_id"])


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("adviser_case_change")
    op.drop_table("adviser_case")
