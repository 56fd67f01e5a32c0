"""What people decide: explanations of findings, reviews of filings, and terms these put in force.

Revision 0003.
"""

import sqlalchemy as sa
from alembic import op

from warehouse.migrations.first_guards import keep, release
from warehouse.migrations.room import refuse_to_lose
from warehouse.types import UtcDateTime

revision = "0003"
down_revision = "0002"

# The columns that nothing may alter once they are written.
KEPT = {
    "explanations": "rule, county_code, form, indicator, line, period, until, covers, text, "
    "written_by, sha256, cell, recorded_at",
    "reviews": "filing_id, action, why, reviewed_by, reviewed_at",
    "terms": "review_id, filing_id, accepted_from",
}


def upgrade() -> None:
    """Make the tables and their triggers, and note lines with findings, answers with files."""
    op.add_column(
        "submissions",
        sa.Column(
            "answers",
            sa.Integer(),
            comment="explanations in it; null where it has no list of findings",
        ),
    )
    op.add_column(
        "findings",
        sa.Column(
            "line", sa.String(), comment="what tells its line apart; null where it is not about one"
        ),
    )
    _explanations()
    _reviews()
    keep(KEPT)


def downgrade() -> None:
    """Undo it, unless it would lose what people decided."""
    refuse_to_lose({"explanations": 0, "reviews": 0}, down_revision)
    release(KEPT)
    for table in ("terms", "reviews", "explanations"):
        op.drop_table(table)
    op.drop_column("findings", "line")
    op.drop_column("submissions", "answers")


def _explanations() -> None:
    op.create_table(
        "explanations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "rule", sa.String(), nullable=False, comment="id of the check, or code of the finding"
        ),
        sa.Column("county_code", sa.String(), nullable=False),
        sa.Column("form", sa.String(), comment="null where it is about a whole file"),
        sa.Column("indicator", sa.String()),
        sa.Column("line", sa.String(), comment="what tells the line apart, wherever it stands"),
        sa.Column("period", sa.String(), nullable=False, comment="the first it holds in"),
        sa.Column(
            "until", sa.Date(), nullable=False, comment="it holds in periods that end by then"
        ),
        sa.Column(
            "covers", sa.JSON(), nullable=False, comment="the range of values that it explains"
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False, comment="whose list it is"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="where it was read"),
        sa.Column("cell", sa.String(), nullable=False, comment="sheet and address"),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("length(text) > 0", name="ck_explanations_says_something"),
        sa.ForeignKeyConstraint(
            ["county_code"], ["org_units.code"], name="fk_explanations_county_code"
        ),
        sa.ForeignKeyConstraint(["form"], ["forms.name"], name="fk_explanations_form"),
        sa.ForeignKeyConstraint(["period"], ["periods.id"], name="fk_explanations_period"),
        sa.ForeignKeyConstraint(
            ["written_by"], ["org_units.code"], name="fk_explanations_written_by"
        ),
        sa.ForeignKeyConstraint(["sha256"], ["submissions.sha256"], name="fk_explanations_sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_explanations"),
        sa.UniqueConstraint("sha256", "cell", name="uq_explanations_sha256_cell"),
        comment="说明: one row per explanation of a finding",
    )
    op.create_index("ix_explanations_county_code", "explanations", ["county_code"], unique=False)


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("reviewed_by", sa.String(), nullable=False, comment="the steward"),
        sa.Column("reviewed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "action IN ('accepted', 'returned', 'withdrawn')", name="ck_reviews_action_known"
        ),
        sa.CheckConstraint("length(why) > 0", name="ck_reviews_has_a_reason"),
        sa.CheckConstraint("length(reviewed_by) > 0", name="ck_reviews_has_a_name"),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name="fk_reviews_filing_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        comment="复核: one row per decision of a steward about a filing",
    )
    op.create_index("ix_reviews_filing_id", "reviews", ["filing_id"], unique=False)
    op.create_table(
        "terms",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column(
            "accepted_from", UtcDateTime(), nullable=False, comment="from when it counted again"
        ),
        sa.Column(
            "accepted_to", UtcDateTime(), comment="until when, not included; null while it counts"
        ),
        sa.CheckConstraint(
            "accepted_to IS NULL OR accepted_to >= accepted_from", name="ck_terms_ends_after_start"
        ),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name="fk_terms_filing_id"),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name="fk_terms_review_id"),
        sa.PrimaryKeyConstraint("review_id", name="pk_terms"),
        comment="采用期间: one row per time that a steward's decision put a filing in force",
    )
    op.create_index("ix_terms_filing_id", "terms", ["filing_id"], unique=False)
    op.create_index(
        "uq_terms_live",
        "terms",
        ["filing_id"],
        unique=True,
        sqlite_where=sa.text("accepted_to IS NULL"),
        postgresql_where=sa.text("accepted_to IS NULL"),
    )
