"""What people said and decided: counties explain, stewards review, reject and close."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from warehouse.tables.base import index_where, metadata, signed
from warehouse.types import UtcDateTime

explanations = Table(
    "explanations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rule", String, nullable=False, comment="id of the check, or code of the finding"),
    Column("county_code", ForeignKey("org_units.code"), nullable=False),
    Column("form", ForeignKey("forms.name"), comment="null where it is about a whole file"),
    Column("indicator", String),
    Column("line", String, comment="what tells the line apart, wherever it stands"),
    Column("period", ForeignKey("periods.id"), nullable=False, comment="the first it holds in"),
    Column("until", Date, nullable=False, comment="it holds in periods that end by then"),
    Column("covers", JSON, nullable=False, comment="the range of values that it explains"),
    Column("text", Text, nullable=False),
    Column("written_by", ForeignKey("org_units.code"), nullable=False, comment="whose list it is"),
    Column("sha256", ForeignKey("submissions.sha256"), nullable=False, comment="where it was read"),
    Column("cell", String, nullable=False, comment="sheet and address"),
    Column("recorded_at", UtcDateTime, nullable=False),
    UniqueConstraint("sha256", "cell"),
    CheckConstraint("length(text) > 0", name="says_something"),
    Index(None, "county_code"),
    comment="说明: one row per explanation of a finding",
)

rejections = Table(
    "rejections",
    metadata,
    Column("explanation_id", ForeignKey("explanations.id"), primary_key=True, autoincrement=False),
    *signed("rejected"),
    comment="说明退回: one row per explanation that a steward did not accept",
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("filing_id", ForeignKey("filings.id"), nullable=False),
    Column("action", String, nullable=False),
    *signed("reviewed"),
    Column("scheme_fingerprint", String, comment="of the scheme by which it was decided"),
    CheckConstraint("action IN ('accepted', 'returned', 'withdrawn')", name="action_known"),
    Index(None, "filing_id"),
    comment="复核: one row per decision of a steward about a filing",
)

terms = Table(
    "terms",
    metadata,
    Column("review_id", ForeignKey("reviews.id"), primary_key=True),
    Column("filing_id", ForeignKey("filings.id"), nullable=False),
    Column("accepted_from", UtcDateTime, nullable=False, comment="from when it counted again"),
    Column("accepted_to", UtcDateTime, comment="until when, not included; null while it counts"),
    CheckConstraint("accepted_to IS NULL OR accepted_to >= accepted_from", name="ends_after_start"),
    Index(None, "filing_id"),
    comment="采用期间: one row per time that a steward's decision put a filing in force",
)
index_where("uq_terms_live", (terms.c.filing_id,), terms.c.accepted_to.is_(None), unique=True)

closings = Table(
    "closings",
    metadata,
    Column("period", ForeignKey("periods.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False, comment="1, 2, 3 …"),
    Column("action", String, nullable=False),
    *signed("decided"),
    CheckConstraint("ordinal >= 1", name="ordinal_from_one"),
    CheckConstraint("action IN ('closed', 'reopened')", name="action_known"),
    CheckConstraint("(action = 'closed') = (ordinal % 2 = 1)", name="closed_then_reopened"),
    comment="关账: one row per time that a period was closed or reopened",
)
