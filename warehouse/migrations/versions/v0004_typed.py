"""What was typed, beside the numbers it was read as, and the further sheets of a split form.

Revision 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table with its triggers, and note further sheets with filings."""
    op.add_column(
        "filings",
        sa.Column("pieces", sa.JSON(), comment="further sheets of a form that is split"),
    )
    op.create_table(
        "typed",
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column(
            "row", sa.Integer(), autoincrement=False, nullable=False, comment="as of the line"
        ),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column(
            "text", sa.String(), nullable=False, comment="what stands in the cell: 近1.2万人"
        ),
        sa.Column(
            "step", sa.String(), nullable=False, comment="what one more in its last digit is worth"
        ),
        sa.Column("rough", sa.String(), comment="the words that make it a rough number: 近"),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name="fk_typed_filing_id"),
        sa.PrimaryKeyConstraint("filing_id", "row", "indicator", name="pk_typed"),
        comment="原填内容: one row per value that was typed as more than a plain number",
    )
    _forbid("delete", "BEFORE DELETE ON typed")
    _forbid("update", "BEFORE UPDATE ON typed")


def _forbid(action: str, when: str) -> None:
    told = f"typed are kept as they are: no {action}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER keep_typed_{action} {when} BEGIN SELECT RAISE(ABORT, '{told}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION keep_typed_{action}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{told}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER keep_typed_{action} {when} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_typed_{action}()"
    )
