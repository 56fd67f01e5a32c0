"""What the warehouse itself is: brought to which revision and scheme, read by whom."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table, Text

from warehouse.tables.base import metadata
from warehouse.types import UtcDateTime

upgrades = Table(
    "upgrades",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("revision", String, nullable=False, comment="of the fixed tables"),
    Column("scheme_version", String, nullable=False),
    Column("scheme_fingerprint", String, nullable=False),
    comment="升级: what the warehouse was brought to, the newest last",
)

schemes = Table(
    "schemes",
    metadata,
    Column("fingerprint", String, primary_key=True),
    Column("version", String, nullable=False),
    Column("scheme", Text, nullable=False, comment="all of it, as JSON"),
    comment="制度版本: one row per scheme that the warehouse was ever brought to",
)

published_views = Table(
    "published_views",
    metadata,
    Column("name", String, primary_key=True),
    Column("definition", Text, nullable=False, comment="the statement that made the view"),
    comment="one row per published view, to know when it must be made anew",
)

pseudonym_keys = Table(
    "pseudonym_keys",
    metadata,
    Column("form", ForeignKey("forms.name"), primary_key=True),
    Column("indicator", String, primary_key=True),
    Column("mark", String(64), nullable=False, comment="tells one key from another"),
    comment="去标识化密钥: one row per column of pseudonyms, by which key they were made",
)

personal_accesses = Table(
    "personal_accesses",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("filing_id", ForeignKey("filings.id"), nullable=False),
    Column("line", Integer, nullable=False, comment="0 for all lines of the filing"),
    Column("read_by", String, nullable=False),
    Column("why", Text, nullable=False),
    Column("read_at", UtcDateTime, nullable=False),
    CheckConstraint("length(read_by) > 0", name="has_a_name"),
    CheckConstraint("length(why) > 0", name="has_a_reason"),
    comment="个人信息查阅记录: one row per line whose personal data somebody has read",
)
