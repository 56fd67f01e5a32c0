"""What stewards do not take for an explanation.

Revision 0006.
"""

import sqlalchemy as sa
from alembic import op

from warehouse.types import UtcDateTime

revision = "0006"
down_revision = "0005"


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
    for action in ("delete", "update"):
        _forbid(action)


def _forbid(action: str) -> None:
    told = f"rejections are kept as they are: no {action}"
    when = f"BEFORE {action.upper()} ON rejections"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER keep_rejections_{action} {when} "
            f"BEGIN SELECT RAISE(ABORT, '{told}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION keep_rejections_{action}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{told}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER keep_rejections_{action} {when} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_rejections_{action}()"
    )
