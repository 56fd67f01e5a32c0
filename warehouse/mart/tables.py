"""What was published, edition by edition; and what the views over it need to know of the scheme.

A row holds from the publication `serial` of its period until the one that replaced it. So the
latest edition, every earlier one, and what changed between two are in the same table.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    and_,
    or_,
)
from sqlalchemy.schema import SchemaItem

from warehouse.tables.base import index_where, metadata
from warehouse.types import ExactDecimal

AMOUNT = ExactDecimal(24, 6)
"""Any published figure; no indicator has more than six decimals."""

SERIAL = "serial"
UNTIL = "until_serial"


def _edition() -> tuple[SchemaItem, ...]:
    """From which publication on a row stands, and until which."""
    return (
        Column(SERIAL, Integer, primary_key=True, autoincrement=False),
        Column(UNTIL, Integer, comment="the publication that replaced it; null while it stands"),
        CheckConstraint("until_serial > serial", name="replaced_later"),
    )


figures = Table(
    "published_figures",
    metadata,
    Column("form", String, primary_key=True),
    Column("period", ForeignKey("periods.id"), primary_key=True),
    Column("county_code", ForeignKey("org_units.code"), primary_key=True),
    Column("measure", String, primary_key=True),
    *_edition(),
    Column("value", AMOUNT, comment="null where it is missing: never zero"),
    Column("status", String, nullable=False),
    Column("estimate", AMOUNT, comment="what it may be, where it is missing or lacks a county"),
    Column("method", String, comment="how it was estimated"),
    Column("version", Integer, comment="of the filing; null of the municipality and where none"),
    CheckConstraint(
        "status IN ('normal', 'provisional', 'estimated', 'missing')", name="status_known"
    ),
    CheckConstraint("(estimate IS NULL) = (method IS NULL)", name="estimate_has_a_method"),
    comment="发布的指标值: one row per figure of a county, or of the city, and edition of it",
)
index_where(
    "uq_published_figures_series",
    [figures.c[name] for name in ("form", "measure", "county_code", "period")],
    figures.c.until_serial.is_(None),
    unique=True,
)
index_where(
    "ix_published_figures_replaced",
    [figures.c[name] for name in ("period", "form", "county_code", "measure", UNTIL)],
    figures.c.until_serial.is_not(None),
)

returns = Table(
    "published_returns",
    metadata,
    Column("form", String, primary_key=True),
    Column("period", ForeignKey("periods.id"), primary_key=True),
    Column("county_code", ForeignKey("org_units.code"), primary_key=True),
    *_edition(),
    Column("standing", String, nullable=False),
    Column("due", Date, nullable=False),
    Column("received", Date, comment="when its first return came; null where none has"),
    Column("days_late", Integer, comment="0 where it came in time"),
    Column("version", Integer, comment="of the filing that counts"),
    Column("errors", Integer, nullable=False, comment="open ones of its latest return"),
    Column("warnings", Integer, nullable=False),
    Column("counties_reported", Integer, nullable=False),
    Column("counties_owed", Integer, nullable=False),
    comment="发布的报送情况: one row per form and county that owes it, and the city",
)

findings = Table(
    "published_findings",
    metadata,
    Column("period", ForeignKey("periods.id"), primary_key=True),
    Column("sha256", String(64), primary_key=True, comment="of the file; empty where none came"),
    Column("key", String, primary_key=True),
    *_edition(),
    Column("county_code", String),
    Column("form", String),
    Column("severity", String, nullable=False),
    Column("code", String, nullable=False),
    Column("rule", String),
    Column("indicator", String),
    Column("state", String, nullable=False),
    Column("cells", Text),
    Column("fact_zh", Text, nullable=False),
    Column("fact_en", Text, nullable=False),
    Column("difference", AMOUNT),
    Column("effect", AMOUNT, comment="on the municipal figure"),
    Column("lines", Integer, nullable=False),
    comment="发布的审核问题: one row per finding of a period and edition of it",
)

comparisons = Table(
    "published_comparisons",
    metadata,
    Column("period", ForeignKey("periods.id"), primary_key=True),
    Column("rule", String, primary_key=True),
    Column("county_code", ForeignKey("org_units.code"), primary_key=True),
    *_edition(),
    Column("form", String, nullable=False),
    Column("against", String, nullable=False),
    Column("against_form", String, comment="the form it is compared with"),
    Column("stated", AMOUNT),
    Column("expected", AMOUNT),
    Column("difference", AMOUNT, nullable=False),
    Column("cause", String, nullable=False),
    Column("label_zh", Text, nullable=False),
    Column("label_en", Text, nullable=False),
    comment="发布的对账: one row per comparison and county, or the city, and edition of it",
)

areas = Table(
    "published_areas",
    metadata,
    Column("form", String, primary_key=True),
    Column("period", ForeignKey("periods.id"), primary_key=True),
    Column("county_code", ForeignKey("org_units.code"), primary_key=True),
    Column("area", String, primary_key=True, comment="empty for small ones together"),
    Column("attribute", String, primary_key=True, comment="empty where all are counted"),
    Column("code", String, primary_key=True),
    Column("measure", String, primary_key=True),
    *_edition(),
    Column("label_zh", Text, nullable=False),
    Column("label_en", Text, nullable=False),
    Column("value", AMOUNT, comment="null where it is kept back, as it is small"),
    comment="发布的乡镇计数: one row per count of an area of a county, and edition of it",
)

# What stands of a period is asked for most, by dashboards and by the next publication.
_STANDING_BY = {
    figures: ("county_code",),
    returns: ("county_code",),
    findings: ("county_code",),
    comparisons: ("against", "rule"),
    areas: ("form", "county_code"),
}
for _table, _names in _STANDING_BY.items():
    index_where(
        f"ix_{_table.name}_standing",
        [_table.c[name] for name in ("period", *_names)],
        _table.c.until_serial.is_(None),
    )
# What is not in, or came late, is a fifth of the returns of a month, and asked for as often.
index_where(
    "ix_published_returns_late",
    [returns.c[name] for name in ("period", "form", "county_code")],
    and_(
        returns.c.until_serial.is_(None),
        or_(returns.c.standing.in_(["missing", "refused"]), returns.c.days_late > 0),
    ),
)

# --- dimensions: they follow the scheme ----------------------------------------------------------

calendar = Table(
    "published_periods",
    metadata,
    Column("id", ForeignKey("periods.id"), primary_key=True),
    Column("kind", String, nullable=False),
    Column("year", Integer, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("previous", String, nullable=False),
    Column("last_year", String, nullable=False),
    comment="报告期的关系: how the periods of the calendar hang together",
)

measures = Table(
    "published_measures",
    metadata,
    Column("form", ForeignKey("forms.name"), primary_key=True),
    Column("name", String, primary_key=True),
    Column("ordinal", Integer, nullable=False, comment="place in the printed table, from 0"),
    Column("indicator", String, comment="the column it is made of; null where lines are counted"),
    Column("label_zh", String, nullable=False),
    Column("label_en", String, nullable=False),
    Column("unit", String),
    Column("unit_zh", String, nullable=False),
    Column("unit_en", String, nullable=False),
    Column("decimals", Integer, nullable=False),
    Column("aggregation", String, nullable=False),
    Column("nature", String, comment="stock, flow or cumulative"),
    Column("plan", String, comment="the measure that is its plan"),
    Column("adds_up", Boolean, nullable=False, comment="a sum or a count: growth has a meaning"),
    comment="汇总指标: one row per column of a consolidated table",
)

columns = Table(
    "published_columns",
    metadata,
    Column("view", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("ordinal", Integer, nullable=False, comment="from 1, as the view has them"),
    Column("type", String, nullable=False),
    Column("unit_zh", String, nullable=False),
    Column("unit_en", String, nullable=False),
    Column("meaning_zh", Text, nullable=False),
    Column("meaning_en", Text, nullable=False),
    comment="数据字典: one row per column of a published view, and one with no name per view",
)
