"""What follows the scheme: counties, periods, forms and their columns, what is owed."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Integer, String, Table

from warehouse.tables.base import metadata

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
