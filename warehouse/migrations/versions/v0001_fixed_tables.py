"""The fixed tables: dimensions, what came, what was read and decided, what was published.

Revision 0001, the first.
"""

import sqlalchemy as sa
from alembic import op

from warehouse.migrations.first_guards import keep
from warehouse.types import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every fixed table, and the triggers that keep what was received as it was."""
    _dimensions()
    _submissions()
    _filings()
    _findings()
    _publications()
    keep(KEPT)


# The columns that nothing may alter once they are written; the rows may not be deleted either.
KEPT = {
    "submissions": "sha256, content, size, name, kept_at",
    "receipts": "sha256, channel, name, sender, received_at",
    "filings": "sha256, form, county_code, period, version, status, digest, lines, accepted_from",
    "findings": "sha256, filing_id, key, finding, recorded_at",
    "publications": "period, serial, as_of, folder, files",
}


def _dimensions() -> None:
    op.create_table(
        "org_units",
        sa.Column("code", sa.String(), nullable=False, comment="行政区划代码 administrative code"),
        sa.Column(
            "ordinal", sa.Integer(), nullable=False, comment="place in printed tables, from 0"
        ),
        sa.Column("name_zh", sa.String(), nullable=False),
        sa.Column("name_en", sa.String(), nullable=False),
        sa.Column("is_municipality", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_org_units"),
        comment="填报单位: one row per county, and one for the municipality",
    )
    op.create_table(
        "periods",
        sa.Column("id", sa.String(), nullable=False, comment="2003H1, 2015, 2015Q3, 2015-07"),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("opens", sa.Date(), nullable=False, comment="from when returns may come"),
        sa.Column("due", sa.Date(), nullable=False, comment="until when returns should be in"),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("starts <= ends", name="ck_periods_starts_before_end"),
        sa.PrimaryKeyConstraint("id", name="pk_periods"),
        comment="报告期: one row per reporting period",
    )
    op.create_table(
        "forms",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False, comment="R04"),
        sa.Column("document_no", sa.String(), nullable=False, comment="表号"),
        sa.Column("title_zh", sa.String(), nullable=False),
        sa.Column("title_en", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_forms"),
        sa.UniqueConstraint("code", name="uq_forms_code"),
        comment="报表: one row per form of the scheme",
    )
    op.create_table(
        "indicators",
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False, comment="place in the form, from 0"),
        sa.Column("label_zh", sa.String(), nullable=False),
        sa.Column("label_en", sa.String(), nullable=False),
        sa.Column(
            "kind", sa.String(), nullable=False, comment="code, text, integer, decimal or date"
        ),
        sa.Column("unit", sa.String(), comment="unit of measure, for numbers"),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column(
            "personal", sa.Boolean(), nullable=False, comment="kept apart and never published"
        ),
        sa.ForeignKeyConstraint(["form"], ["forms.name"], name="fk_indicators_form"),
        sa.PrimaryKeyConstraint("form", "name", name="pk_indicators"),
        comment="指标 (data dictionary): one row per column of a form",
    )
    op.create_table(
        "owed",
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("county_code", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["county_code"], ["org_units.code"], name="fk_owed_county_code"),
        sa.ForeignKeyConstraint(["form"], ["forms.name"], name="fk_owed_form"),
        sa.ForeignKeyConstraint(["period"], ["periods.id"], name="fk_owed_period"),
        sa.PrimaryKeyConstraint("form", "period", "county_code", name="pk_owed"),
        comment="应报: one row per form that a county owes for a period",
    )
    op.create_table(
        "published_views",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "definition", sa.Text(), nullable=False, comment="the statement that made the view"
        ),
        sa.PrimaryKeyConstraint("name", name="pk_published_views"),
        comment="one row per published view, to know when it must be made anew",
    )


def _submissions() -> None:
    op.create_table(
        "submissions",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="the bytes as received"),
        sa.Column("size", sa.BigInteger(), nullable=False, comment="bytes"),
        sa.Column("name", sa.String(), nullable=False, comment="the file name it first came under"),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.Column(
            "recorded_at", UtcDateTime(), comment="when it was read and checked; null until then"
        ),
        sa.Column("county_code", sa.String(), comment="null where it cannot be told"),
        sa.Column(
            "period",
            sa.String(),
            comment="the period it reports; null where it cannot be told or is not open",
        ),
        sa.CheckConstraint("length(sha256) = 64", name="ck_submissions_whole_digest"),
        sa.CheckConstraint("recorded_at >= kept_at", name="ck_submissions_kept_before_recorded"),
        sa.CheckConstraint("size = length(content)", name="ck_submissions_whole_content"),
        sa.ForeignKeyConstraint(
            ["county_code"], ["org_units.code"], name="fk_submissions_county_code"
        ),
        sa.ForeignKeyConstraint(["period"], ["periods.id"], name="fk_submissions_period"),
        sa.PrimaryKeyConstraint("sha256", name="pk_submissions"),
        comment="报送文件: one row per distinct file, kept before anything looked at it",
    )
    op.create_index("ix_submissions_recorded_at", "submissions", ["recorded_at"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(), nullable=False, comment="the way in it came by"),
        sa.Column("name", sa.String(), nullable=False, comment="file name"),
        sa.Column("sender", sa.String(), comment="null where the channel knows none"),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["submissions.sha256"], name="fk_receipts_sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_receipts"),
        sa.UniqueConstraint("sha256", "channel", "name", name="uq_receipts_sha256_channel_name"),
        comment="收文: one row per channel and name a file came under",
    )


def _filings() -> None:
    op.create_table(
        "filings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("county_code", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column(
            "version",
            sa.Integer(),
            nullable=False,
            comment="1, 2, 3 … of this county, form, period",
        ),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("sheet", sa.String(), nullable=False, comment="name of the sheet"),
        sa.Column(
            "columns", sa.JSON(), nullable=False, comment="indicator → column letter on the sheet"
        ),
        sa.Column(
            "declared_nil", sa.Boolean(), nullable=False, comment="the county wrote 无: no lines"
        ),
        sa.Column(
            "digest",
            sa.String(length=64),
            nullable=False,
            comment="of all values and where they stand",
        ),
        sa.Column("lines", sa.Integer(), nullable=False, comment="lines reported"),
        sa.Column("accepted_from", UtcDateTime(), comment="from when it was the one that counts"),
        sa.Column(
            "accepted_to", UtcDateTime(), comment="until when, not included; null while it counts"
        ),
        sa.Column("scheme_version", sa.String(), nullable=False),
        sa.Column(
            "scheme_fingerprint", sa.String(), nullable=False, comment="of the scheme that read it"
        ),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(status = 'accepted') = (accepted_from IS NOT NULL)",
            name="ck_filings_accepted_has_a_start",
        ),
        sa.CheckConstraint(
            "status IN ('accepted', 'refused', 'unchanged')", name="ck_filings_status_known"
        ),
        sa.CheckConstraint(
            "accepted_to IS NULL OR (accepted_from IS NOT NULL AND accepted_to >= accepted_from)",
            name="ck_filings_ends_after_start",
        ),
        sa.CheckConstraint("version >= 1", name="ck_filings_version_from_one"),
        sa.ForeignKeyConstraint(["county_code"], ["org_units.code"], name="fk_filings_county_code"),
        sa.ForeignKeyConstraint(["form"], ["forms.name"], name="fk_filings_form"),
        sa.ForeignKeyConstraint(["period"], ["periods.id"], name="fk_filings_period"),
        sa.ForeignKeyConstraint(["sha256"], ["submissions.sha256"], name="fk_filings_sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_filings"),
        sa.UniqueConstraint(
            "county_code",
            "form",
            "period",
            "version",
            name="uq_filings_county_code_form_period_version",
        ),
        sa.UniqueConstraint("sha256", "form", name="uq_filings_sha256_form"),
        comment="一份报表: one row per form of one county for one period in one version",
    )
    op.create_index(
        "uq_filings_live",
        "filings",
        ["form", "period", "county_code"],
        unique=True,
        sqlite_where=sa.text("accepted_from IS NOT NULL AND accepted_to IS NULL"),
        postgresql_where=sa.text("accepted_from IS NOT NULL AND accepted_to IS NULL"),
    )
    op.create_table(
        "check_results",
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False, comment="order of checking, from 0"),
        sa.Column("check_id", sa.String(), nullable=False),
        sa.Column(
            "statement", sa.JSON(), nullable=False, comment="what must hold, in Chinese and English"
        ),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False, comment="lines"),
        sa.Column("failed", sa.Integer(), nullable=False, comment="lines"),
        sa.Column(
            "undetermined", sa.Integer(), nullable=False, comment="lines that lack an operand"
        ),
        sa.CheckConstraint(
            "passed >= 0 AND failed >= 0 AND undetermined >= 0",
            name="ck_check_results_no_negative_counts",
        ),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name="fk_check_results_filing_id"),
        sa.PrimaryKeyConstraint("filing_id", "ordinal", name="pk_check_results"),
        comment="审核结果: one row per check of a filing",
    )


def _findings() -> None:
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("filing_id", sa.Integer(), comment="null where it is about the whole file"),
        sa.Column("key", sa.String(), nullable=False, comment="stable within the submission"),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("county_code", sa.String(), comment="null where it cannot be told"),
        sa.Column("form", sa.String()),
        sa.Column("period", sa.String()),
        sa.Column("state", sa.String(), nullable=False, comment="how far people have come with it"),
        sa.Column("finding", sa.JSON(), nullable=False, comment="all of it"),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "severity IN ('error', 'warning', 'notice')", name="ck_findings_severity_known"
        ),
        sa.CheckConstraint(
            "state IN ('open', 'explained', 'corrected', 'accepted', 'returned')",
            name="ck_findings_state_known",
        ),
        sa.ForeignKeyConstraint(["filing_id"], ["filings.id"], name="fk_findings_filing_id"),
        sa.ForeignKeyConstraint(["sha256"], ["submissions.sha256"], name="fk_findings_sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
        sa.UniqueConstraint("sha256", "key", name="uq_findings_sha256_key"),
        comment="审核问题: one row per finding of a submission or of a filing in it",
    )
    op.create_index("ix_findings_filing_id", "findings", ["filing_id"], unique=False)


def _publications() -> None:
    op.create_table(
        "publications",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("serial", sa.Integer(), autoincrement=False, nullable=False, comment="1, 2, 3 …"),
        sa.Column(
            "as_of", UtcDateTime(), nullable=False, comment="what was known then is what it shows"
        ),
        sa.Column("folder", sa.String(), nullable=False, comment="name of the folder"),
        sa.Column("scheme_version", sa.String(), nullable=False),
        sa.Column("scheme_fingerprint", sa.String(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False, comment="file name → sha256"),
        sa.CheckConstraint("serial >= 1", name="ck_publications_serial_from_one"),
        sa.ForeignKeyConstraint(["period"], ["periods.id"], name="fk_publications_period"),
        sa.PrimaryKeyConstraint("period", "serial", name="pk_publications"),
        comment="发布: one row per publication of a period",
    )
