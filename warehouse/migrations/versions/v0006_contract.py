"""What was published, edition by edition, and what the views of the contract are made from.

Revision 0006.
"""

import sqlalchemy as sa
from alembic import op

from warehouse import guards
from warehouse.migrations.editions import edition, keep_editions, of_county
from warehouse.migrations.room import refuse_to_lose
from warehouse.types import ExactDecimal, UtcDateTime

revision = "0006"
down_revision = "0005"

_KEPT = (
    "published_comparisons",
    "published_figures",
    "published_findings",
    "published_returns",
)
_TABLES = (
    *_KEPT,
    "personal_accesses",
    "published_columns",
    "published_measures",
    "published_periods",
)


def upgrade() -> None:
    """Make the tables, and the triggers that keep editions as they were published."""
    _published_columns()
    _published_comparisons()
    _published_figures()
    _published_findings()
    _published_measures()
    _published_periods()
    _published_returns()
    _personal_accesses()
    for table in _KEPT:
        keep_editions(table)
    guards.keep_rows(op.get_bind(), "personal_accesses")


def downgrade() -> None:
    """Undo it, unless it would lose who looked at personal data.

    What was published is still known, and is laid out here once more by the next upgrade.
    """
    refuse_to_lose({"personal_accesses": 0}, down_revision)
    for table in _TABLES:
        op.drop_table(table)


def _published_columns() -> None:
    op.create_table(
        "published_columns",
        sa.Column("view", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False, comment="from 1, as the view has them"),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("unit_zh", sa.String(), nullable=False),
        sa.Column("unit_en", sa.String(), nullable=False),
        sa.Column("meaning_zh", sa.Text(), nullable=False),
        sa.Column("meaning_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("view", "name", name="pk_published_columns"),
        comment="数据字典: one row per column of a published view, and one with no name per view",
    )


def _published_comparisons() -> None:
    op.create_table(
        "published_comparisons",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("county_code", sa.String(), nullable=False),
        *edition(),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("against", sa.String(), nullable=False),
        sa.Column("stated", ExactDecimal(precision=24, scale=6)),
        sa.Column("expected", ExactDecimal(precision=24, scale=6)),
        sa.Column("difference", ExactDecimal(precision=24, scale=6), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("label_zh", sa.Text(), nullable=False),
        sa.Column("label_en", sa.Text(), nullable=False),
        *of_county("published_comparisons"),
        sa.PrimaryKeyConstraint(
            "period", "rule", "county_code", "serial", name="pk_published_comparisons"
        ),
        comment="发布的对账: one row per comparison and county, or the city, and edition of it",
    )


def _published_figures() -> None:
    op.create_table(
        "published_figures",
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("county_code", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        *edition(),
        sa.Column(
            "value",
            ExactDecimal(precision=24, scale=6),
            comment="null where it is missing: never zero",
        ),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column(
            "estimate",
            ExactDecimal(precision=24, scale=6),
            comment="what it may be, where it is missing or lacks a county",
        ),
        sa.Column("method", sa.String(), comment="how it was estimated"),
        sa.Column(
            "version",
            sa.Integer(),
            comment="of the filing; null of the municipality and where none",
        ),
        sa.CheckConstraint(
            "status IN ('normal', 'provisional', 'estimated', 'missing')",
            name="ck_published_figures_status_known",
        ),
        sa.CheckConstraint(
            "(estimate IS NULL) = (method IS NULL)",
            name="ck_published_figures_estimate_has_a_method",
        ),
        *of_county("published_figures"),
        sa.PrimaryKeyConstraint(
            "form", "period", "county_code", "measure", "serial", name="pk_published_figures"
        ),
        comment="发布的指标值: one row per figure of a county, or of the city, and edition of it",
    )
    op.create_index(
        "ix_published_figures_period", "published_figures", ["period", "county_code"], unique=False
    )
    op.create_index(
        "uq_published_figures_series",
        "published_figures",
        ["form", "measure", "county_code", "period"],
        unique=True,
        sqlite_where=sa.text("until_serial IS NULL"),
        postgresql_where=sa.text("until_serial IS NULL"),
    )


def _published_findings() -> None:
    op.create_table(
        "published_findings",
        sa.Column("period", sa.String(), nullable=False),
        sa.Column(
            "sha256",
            sa.String(length=64),
            nullable=False,
            comment="of the file; empty where none came",
        ),
        sa.Column("key", sa.String(), nullable=False),
        *edition(),
        sa.Column("county_code", sa.String()),
        sa.Column("form", sa.String()),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("rule", sa.String()),
        sa.Column("indicator", sa.String()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("cells", sa.Text()),
        sa.Column("fact_zh", sa.Text(), nullable=False),
        sa.Column("fact_en", sa.Text(), nullable=False),
        sa.Column("difference", ExactDecimal(precision=24, scale=6)),
        sa.Column("effect", ExactDecimal(precision=24, scale=6), comment="on the municipal figure"),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.CheckConstraint("until_serial > serial", name="ck_published_findings_replaced_later"),
        sa.ForeignKeyConstraint(["period"], ["periods.id"], name="fk_published_findings_period"),
        sa.PrimaryKeyConstraint("period", "sha256", "key", "serial", name="pk_published_findings"),
        comment="发布的审核问题: one row per finding of a period and edition of it",
    )
    op.create_index(
        "ix_published_findings_period_county_code",
        "published_findings",
        ["period", "county_code"],
        unique=False,
    )


def _published_measures() -> None:
    op.create_table(
        "published_measures",
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "ordinal", sa.Integer(), nullable=False, comment="place in the printed table, from 0"
        ),
        sa.Column(
            "indicator",
            sa.String(),
            comment="the column it is made of; null where lines are counted",
        ),
        sa.Column("label_zh", sa.String(), nullable=False),
        sa.Column("label_en", sa.String(), nullable=False),
        sa.Column("unit", sa.String()),
        sa.Column("unit_zh", sa.String(), nullable=False),
        sa.Column("unit_en", sa.String(), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column("aggregation", sa.String(), nullable=False),
        sa.Column("nature", sa.String(), comment="stock, flow or cumulative"),
        sa.Column("plan", sa.String(), comment="the measure that is its plan"),
        sa.Column(
            "adds_up",
            sa.Boolean(),
            nullable=False,
            comment="a sum or a count: growth has a meaning",
        ),
        sa.ForeignKeyConstraint(["form"], ["forms.name"], name="fk_published_measures_form"),
        sa.PrimaryKeyConstraint("form", "name", name="pk_published_measures"),
        comment="汇总指标: one row per column of a consolidated table",
    )


def _published_periods() -> None:
    op.create_table(
        "published_periods",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("last_year", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["periods.id"], name="fk_published_periods_id"),
        sa.PrimaryKeyConstraint("id", name="pk_published_periods"),
        comment="报告期的关系: how the periods of the calendar hang together",
    )


def _published_returns() -> None:
    op.create_table(
        "published_returns",
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("county_code", sa.String(), nullable=False),
        *edition(),
        sa.Column("standing", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("received", sa.Date(), comment="when its first return came; null where none has"),
        sa.Column("days_late", sa.Integer(), comment="0 where it came in time"),
        sa.Column("version", sa.Integer(), comment="of the filing that counts"),
        sa.Column("errors", sa.Integer(), nullable=False, comment="open ones of its latest return"),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("counties_reported", sa.Integer(), nullable=False),
        sa.Column("counties_owed", sa.Integer(), nullable=False),
        *of_county("published_returns"),
        sa.PrimaryKeyConstraint(
            "form", "period", "county_code", "serial", name="pk_published_returns"
        ),
        comment="发布的报送情况: one row per form and county that owes it, and the city",
    )
    op.create_index(
        "ix_published_returns_period_county_code",
        "published_returns",
        ["period", "county_code"],
        unique=False,
    )


def _personal_accesses() -> None:
    op.create_table(
        "personal_accesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filing_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("read_by", sa.String(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("read_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(read_by) > 0", name="ck_personal_accesses_has_a_name"),
        sa.CheckConstraint("length(why) > 0", name="ck_personal_accesses_has_a_reason"),
        sa.ForeignKeyConstraint(
            ["filing_id"], ["filings.id"], name="fk_personal_accesses_filing_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_personal_accesses"),
        comment="个人信息查阅记录: one row per line whose personal data somebody has read",
    )
