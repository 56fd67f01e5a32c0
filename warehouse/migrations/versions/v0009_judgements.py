"""How accepted filings came out when they were judged again.

Revision 0009.
"""

import sqlalchemy as sa
from alembic import op

from warehouse import guards
from warehouse.migrations.room import refuse_to_lose
from warehouse.types import UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the table of judgements, which nothing may alter."""
    op.create_table(
        "judgements",
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("judged_at", UtcDateTime(), nullable=False),
        sa.Column(
            "causes",
            sa.JSON(),
            nullable=False,
            comment="filings that began or ceased to count before",
        ),
        sa.Column(
            "begun",
            sa.JSON(),
            nullable=False,
            comment="keys of the findings that stand from then on",
        ),
        sa.Column(
            "ended", sa.JSON(), nullable=False, comment="keys of the findings that no longer hold"
        ),
        sa.Column(
            "results", sa.JSON(), nullable=False, comment="of the checks that came out otherwise"
        ),
        sa.Column("changed", sa.Boolean(), nullable=False, comment="whether there is any of these"),
        sa.Column(
            "scheme_fingerprint", sa.String(), nullable=False, comment="of the scheme that judged"
        ),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name="fk_judgements_filing_id"),
        sa.PrimaryKeyConstraint("filing_id", "judged_at", name="pk_judgements"),
        comment="再次审核: one row per time that an accepted filing was judged again",
    )
    guards.keep_rows(op.get_bind(), "judgements")


def downgrade() -> None:
    """Undo it, unless findings that no longer hold would seem to hold again."""
    refuse_to_lose({"judgements": 0}, down_revision)
    op.drop_table("judgements")
