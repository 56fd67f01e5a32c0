"""What came, as it came."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from warehouse.tables.base import metadata
from warehouse.types import UtcDateTime

submissions = Table(
    "submissions",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False, comment="the bytes as received"),
    Column("size", BigInteger, nullable=False, comment="bytes"),
    Column("name", String, nullable=False, comment="the file name it first came under"),
    Column("kept_at", UtcDateTime, nullable=False),
    Column("recorded_at", UtcDateTime, comment="when it was read and checked; null until then"),
    Column("county_code", ForeignKey("org_units.code"), comment="null where it cannot be told"),
    Column(
        "period",
        ForeignKey("periods.id"),
        comment="the period it reports; null where it cannot be told or is not open",
    ),
    Column("answers", Integer, comment="explanations in it; null where it has no list of findings"),
    Column("scheme_fingerprint", String, comment="of the scheme that read it"),
    CheckConstraint("length(sha256) = 64", name="whole_digest"),
    CheckConstraint("size = length(content)", name="whole_content"),
    CheckConstraint("recorded_at >= kept_at", name="kept_before_recorded"),
    Index(None, "recorded_at"),
    comment="报送文件: one row per distinct file, kept before anything looked at it",
)

receipts = Table(
    "receipts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", ForeignKey("submissions.sha256"), nullable=False),
    Column("channel", String, nullable=False, comment="the way in it came by"),
    Column("name", String, nullable=False, comment="file name"),
    Column("sender", String, comment="null where the channel knows none"),
    Column("received_at", UtcDateTime, nullable=False),
    UniqueConstraint("sha256", "channel", "name"),
    comment="收文: one row per channel and name a file came under",
)
