"""What was typed, beside the numbers it was read as, and the further sheets of a split form.

Revision 0005.
"""

import sqlalchemy as sa
from alembic import op

from warehouse import guards
from warehouse.migrations.room import refuse_to_lose

revision = "0005"
down_revision = "0004"


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
    guards.keep_rows(op.get_bind(), "typed")
    guards.keep_column(op.get_bind(), "filings", "pieces")


def downgrade() -> None:
    """Undo it, unless it would lose what was typed."""
    refuse_to_lose({"typed": 0}, down_revision)
    op.drop_table("typed")
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(f"DROP TRIGGER keep_filings_pieces_update{'' if sqlite else ' ON filings'}")
    op.drop_column("filings", "pieces")
