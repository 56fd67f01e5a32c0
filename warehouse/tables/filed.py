"""What was read out of what came, and what checking it found."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from warehouse.tables.base import index_where, metadata
from warehouse.types import UtcDateTime

filings = Table(
    "filings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", ForeignKey("submissions.sha256"), nullable=False),
    Column("form", ForeignKey("forms.name"), nullable=False),
    Column("county_code", ForeignKey("org_units.code"), nullable=False),
    Column("period", ForeignKey("periods.id"), nullable=False),
    Column("version", Integer, nullable=False, comment="1, 2, 3 … of this county, form, period"),
    Column("status", String, nullable=False),
    Column("sheet", String, nullable=False, comment="name of the sheet"),
    Column("columns", JSON, nullable=False, comment="indicator → column letter on the sheet"),
    Column("pieces", JSON(none_as_null=True), comment="further sheets of a form that is split"),
    Column("declared_nil", Boolean, nullable=False, comment="the county wrote 无: no lines"),
    Column("digest", String(64), nullable=False, comment="of all values and where they stand"),
    Column("lines", Integer, nullable=False, comment="lines reported"),
    Column("first_row", Integer, comment="of the sheet, where its first line stands"),
    Column("last_row", Integer, comment="its last line"),
    Column("accepted_from", UtcDateTime, comment="from when it was the one that counts"),
    Column("accepted_to", UtcDateTime, comment="until when, not included; null while it counts"),
    Column("scheme_version", String, nullable=False),
    Column("scheme_fingerprint", String, nullable=False, comment="of the scheme that read it"),
    Column("recorded_at", UtcDateTime, nullable=False),
    UniqueConstraint("sha256", "form"),
    UniqueConstraint("county_code", "form", "period", "version"),
    CheckConstraint("version >= 1", name="version_from_one"),
    CheckConstraint("status IN ('accepted', 'refused', 'unchanged')", name="status_known"),
    CheckConstraint(
        "(status = 'accepted') = (accepted_from IS NOT NULL)", name="accepted_has_a_start"
    ),
    CheckConstraint(
        "accepted_to IS NULL OR (accepted_from IS NOT NULL AND accepted_to >= accepted_from)",
        name="ends_after_start",
    ),
    comment="一份报表: one row per form of one county for one period in one version",
)
index_where(
    "uq_filings_live",
    (filings.c.form, filings.c.period, filings.c.county_code),
    filings.c.accepted_from.is_not(None) & filings.c.accepted_to.is_(None),
    unique=True,
)

typed = Table(
    "typed",
    metadata,
    Column("filing_id", ForeignKey("filings.id"), primary_key=True),
    Column("row", Integer, primary_key=True, autoincrement=False, comment="as of the line"),
    Column("indicator", String, primary_key=True),
    Column("text", String, nullable=False, comment="what stands in the cell: 近1.2万人"),
    Column("step", String, nullable=False, comment="what one more in its last digit is worth"),
    Column("rough", String, comment="the words that make it a rough number: 近"),
    comment="原填内容: one row per value that was typed as more than a plain number",
)

findings = Table(
    "findings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", ForeignKey("submissions.sha256"), nullable=False),
    Column("filing_id", ForeignKey("filings.id"), comment="null where it is about the whole file"),
    Column("key", String, nullable=False, comment="stable within the submission"),
    Column("code", String, nullable=False),
    Column("severity", String, nullable=False),
    Column("county_code", String, comment="null where it cannot be told"),
    Column("form", String),
    Column("period", String),
    Column("state", String, nullable=False, comment="how far people have come with it"),
    Column("finding", JSON, nullable=False, comment="all of it"),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("line", String, comment="what tells its line apart; null where it is not about one"),
    UniqueConstraint("sha256", "key"),
    CheckConstraint("severity IN ('error', 'warning', 'notice')", name="severity_known"),
    CheckConstraint(
        "state IN ('open', 'explained', 'corrected', 'accepted', 'returned')", name="state_known"
    ),
    Index(None, "filing_id"),
    comment="审核问题: one row per finding of a submission or of a filing in it",
)

check_results = Table(
    "check_results",
    metadata,
    Column("filing_id", ForeignKey("filings.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True, comment="order of checking, from 0"),
    Column("check_id", String, nullable=False),
    Column("statement", JSON, nullable=False, comment="what must hold, in Chinese and English"),
    Column("severity", String, nullable=False),
    Column("passed", Integer, nullable=False, comment="lines"),
    Column("failed", Integer, nullable=False, comment="lines"),
    Column("undetermined", Integer, nullable=False, comment="lines that lack an operand"),
    CheckConstraint("passed >= 0 AND failed >= 0 AND undetermined >= 0", name="no_negative_counts"),
    comment="审核结果: one row per check of a filing",
)

judgements = Table(
    "judgements",
    metadata,
    Column("filing_id", ForeignKey("filings.id"), primary_key=True),
    Column("judged_at", UtcDateTime, primary_key=True),
    Column("causes", JSON, nullable=False, comment="filings that began or ceased to count before"),
    Column("begun", JSON, nullable=False, comment="keys of the findings that stand from then on"),
    Column("ended", JSON, nullable=False, comment="keys of the findings that no longer hold"),
    Column("results", JSON, nullable=False, comment="of the checks that came out otherwise"),
    Column("changed", Boolean, nullable=False, comment="whether there is any of these"),
    Column("scheme_fingerprint", String, nullable=False, comment="of the scheme that judged"),
    comment="再次审核: one row per time that an accepted filing was judged again",
)
