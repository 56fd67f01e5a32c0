"""The fixed tables of the warehouse. Form tables follow the scheme and are in `form_tables`.

What was received, decided and published is only ever added: everything but the dimensions has
triggers (`guards`) that refuse to delete or to alter it, but for what is written once, later:
when a file was read, and until when a filing counted.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from warehouse.types import UtcDateTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

# --- dimensions: they follow the scheme -------------------------------------------------------

org_units = Table(
    "org_units",
    metadata,
    Column("code", String, primary_key=True, comment="行政区划代码 administrative code"),
    Column("ordinal", Integer, nullable=False, comment="place in printed tables, from 0"),
    Column("name_zh", String, nullable=False),
    Column("name_en", String, nullable=False),
    Column("is_municipality", Boolean, nullable=False),
    comment="填报单位: one row per county, and one for the municipality",
)

periods = Table(
    "periods",
    metadata,
    Column("id", String, primary_key=True, comment="2003H1, 2015, 2015Q3, 2015-07"),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("opens", Date, nullable=False, comment="from when returns may come"),
    Column("due", Date, nullable=False, comment="until when returns should be in"),
    Column("closed", Boolean, nullable=False),
    CheckConstraint("starts <= ends", name="starts_before_end"),
    comment="报告期: one row per reporting period",
)

forms = Table(
    "forms",
    metadata,
    Column("name", String, primary_key=True),
    Column("code", String, nullable=False, unique=True, comment="R04"),
    Column("document_no", String, nullable=False, comment="表号"),
    Column("title_zh", String, nullable=False),
    Column("title_en", String, nullable=False),
    comment="报表: one row per form of the scheme",
)

indicators = Table(
    "indicators",
    metadata,
    Column("form", ForeignKey("forms.name"), primary_key=True),
    Column("name", String, primary_key=True),
    Column("ordinal", Integer, nullable=False, comment="place in the form, from 0"),
    Column("label_zh", String, nullable=False),
    Column("label_en", String, nullable=False),
    Column("kind", String, nullable=False, comment="code, text, integer, decimal or date"),
    Column("unit", String, comment="unit of measure, for numbers"),
    Column("decimals", Integer, nullable=False),
    Column("personal", Boolean, nullable=False, comment="kept apart and never published"),
    comment="指标 (data dictionary): one row per column of a form",
)

owed = Table(
    "owed",
    metadata,
    Column("form", ForeignKey("forms.name"), primary_key=True),
    Column("period", ForeignKey("periods.id"), primary_key=True),
    Column("county_code", ForeignKey("org_units.code"), primary_key=True),
    comment="应报: one row per form that a county owes for a period",
)

published_views = Table(
    "published_views",
    metadata,
    Column("name", String, primary_key=True),
    Column("definition", Text, nullable=False, comment="the statement that made the view"),
    comment="one row per published view, to know when it must be made anew",
)

# --- what came ----------------------------------------------------------------------------------

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

# --- what was read and decided ------------------------------------------------------------------

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

_is_live = filings.c.accepted_from.is_not(None) & filings.c.accepted_to.is_(None)
Index(
    "uq_filings_live",
    filings.c.form,
    filings.c.period,
    filings.c.county_code,
    unique=True,
    sqlite_where=_is_live,
    postgresql_where=_is_live,
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

# --- what people decided ------------------------------------------------------------------------

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
    Column(
        "explanation_id",
        ForeignKey("explanations.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("why", Text, nullable=False),
    Column("rejected_by", String, nullable=False, comment="the steward"),
    Column("rejected_at", UtcDateTime, nullable=False),
    CheckConstraint("length(why) > 0", name="has_a_reason"),
    CheckConstraint("length(rejected_by) > 0", name="has_a_name"),
    comment="说明退回: one row per explanation that a steward did not accept",
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("filing_id", ForeignKey("filings.id"), nullable=False),
    Column("action", String, nullable=False),
    Column("why", Text, nullable=False),
    Column("reviewed_by", String, nullable=False, comment="the steward"),
    Column("reviewed_at", UtcDateTime, nullable=False),
    Column("scheme_fingerprint", String, comment="of the scheme by which it was decided"),
    CheckConstraint("action IN ('accepted', 'returned', 'withdrawn')", name="action_known"),
    CheckConstraint("length(why) > 0", name="has_a_reason"),
    CheckConstraint("length(reviewed_by) > 0", name="has_a_name"),
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

_in_force = terms.c.accepted_to.is_(None)
Index(
    "uq_terms_live",
    terms.c.filing_id,
    unique=True,
    sqlite_where=_in_force,
    postgresql_where=_in_force,
)

closings = Table(
    "closings",
    metadata,
    Column("period", ForeignKey("periods.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False, comment="1, 2, 3 …"),
    Column("action", String, nullable=False),
    Column("why", Text, nullable=False),
    Column("decided_by", String, nullable=False, comment="the steward"),
    Column("decided_at", UtcDateTime, nullable=False),
    CheckConstraint("ordinal >= 1", name="ordinal_from_one"),
    CheckConstraint("action IN ('closed', 'reopened')", name="action_known"),
    CheckConstraint("(action = 'closed') = (ordinal % 2 = 1)", name="closed_then_reopened"),
    CheckConstraint("length(why) > 0", name="has_a_reason"),
    CheckConstraint("length(decided_by) > 0", name="has_a_name"),
    comment="关账: one row per time that a period was closed or reopened",
)

# --- what was published -------------------------------------------------------------------------

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

# --- what the warehouse itself is ---------------------------------------------------------------

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
