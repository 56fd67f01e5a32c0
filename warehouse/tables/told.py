"""What was published, and what people were told."""

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from warehouse.tables.base import metadata
from warehouse.types import UtcDateTime

publications = Table(
    "publications",
    metadata,
    Column("period", ForeignKey("periods.id"), primary_key=True),
    Column("serial", Integer, primary_key=True, autoincrement=False, comment="1, 2, 3 …"),
    Column("as_of", UtcDateTime, nullable=False, comment="what was known then is what it shows"),
    Column("folder", String, nullable=False, comment="name of the folder"),
    Column("scheme_version", String, nullable=False),
    Column("scheme_fingerprint", String, nullable=False),
    Column("files", JSON, nullable=False, comment="file name → sha256"),
    Column("language", String, comment="null where made before it was noted"),
    Column("program", String, comment="version of huizong; null as above"),
    CheckConstraint("serial >= 1", name="serial_from_one"),
    comment="发布: one row per publication of a period",
)

notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False, comment="night, returns or reminder"),
    Column("about", String, nullable=False, comment="what tells it apart from others of its kind"),
    Column("recipient", String, nullable=False, comment="the name of the contact in the settings"),
    Column("as_of", UtcDateTime, nullable=False, comment="what was known then is what it tells"),
    Column("event", String, nullable=False),
    Column("at", UtcDateTime, nullable=False, comment="when this happened"),
    Column("reason", String, comment="why it failed"),
    CheckConstraint("event IN ('started', 'delivered', 'failed')", name="event_known"),
    Index(None, "kind", "recipient", "about"),
    comment="通知: one row per thing that happened to a notice",
)
