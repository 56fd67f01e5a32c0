"""What stewards do not take for an explanation.

Revision 0007.
"""

import sqlalchemy as sa
from alembic import op

from warehouse import guards
from warehouse.migrations.room import refuse_to_lose
from warehouse.types import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table of rejected explanations, which nothing may alter."""
    op.create_table(
        "rejections",
        sa.Column("explanation_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("rejected_by", sa.String(), nullable=False, comment="the steward"),
        sa.Column("rejected_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("length(why) > 0", name="ck_rejections_has_a_reason"),
        sa.CheckConstraint("length(rejected_by) > 0", name="ck_rejections_has_a_name"),
        sa.ForeignKeyConstraint(
            ["explanation_id"], ["explanations.id"], name="fk_rejections_explanation_id"
        ),
        sa.PrimaryKeyConstraint("explanation_id", name="pk_rejections"),
        comment="说明退回: one row per explanation that a steward did not accept",
    )
    guards.keep_rows(op.get_bind(), "rejections")


def downgrade() -> None:
    """Undo it, unless it would lose what stewards decided."""
    refuse_to_lose({"rejections": 0}, down_revision)
    op.drop_table("rejections")
