"""One typed table per form, compiled from the scheme, and two beside it for personal data.

A form's table has one row per line of an accepted filing. Personal indicators are in no form
table but in `personal_<form>`, which `warehouse.lines.personal` alone reads. Where persons have
to be told apart, `pseudonym_<form>` does so without naming them. Both are in a schema of their own
on PostgreSQL.
"""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
)
from sqlalchemy.types import TypeEngine

from schemas.models import Form, Indicator
from warehouse import tables
from warehouse.engine import PERSONAL
from warehouse.types import ExactDecimal

DIGITS = 18
"""Digits of a kept decimal, before and after the point together."""

LIMIT = Decimal(10) ** 10
"""Kept numbers are smaller than this, so that sums of many still fit SQLite's 64 bits."""

LONGEST_KEY = 200
"""Characters of a text by which lines are told apart: an index of PostgreSQL holds 2,704 bytes."""

_FORMS = 1024  # are kept compiled, so that SQLAlchemy knows statements about them again


@lru_cache(maxsize=_FORMS)
def line_table(form: Form) -> Table:
    """The table of a form: filing, line, row of the sheet, declared nils, indicators."""
    name = f"form_{form.name}"
    return Table(
        name,
        MetaData(),
        Column("filing_id", ForeignKey(tables.filings.c.id), primary_key=True),
        Column("line", Integer, primary_key=True, autoincrement=False, comment="from 1"),
        Column("row", Integer, nullable=False, comment="row of the sheet, as Excel numbers it"),
        Column("nil", String, comment="indicators declared nil (—, 无), which count as 0"),
        *(_column(indicator) for indicator in form.indicators if not indicator.personal),
        CheckConstraint("line >= 1", name=f"ck_{name}_line_from_one"),
        *_key_index(form, name),
        comment=f"{form.code} {form.title.zh} {form.title.en}. {form.line.label.zh}: one row each",
    )


@lru_cache(maxsize=_FORMS)
def personal_table(form: Form) -> Table | None:
    """The personal indicators of a form's lines; None for a form that has none."""
    personal = [indicator for indicator in form.indicators if indicator.personal]
    if not personal:
        return None
    lines = line_table(form)
    return Table(
        f"personal_{form.name}",
        MetaData(),
        Column("filing_id", Integer, primary_key=True, autoincrement=False),
        Column("line", Integer, primary_key=True, autoincrement=False),
        *(_column(indicator) for indicator in personal),
        ForeignKeyConstraint(["filing_id", "line"], [lines.c.filing_id, lines.c.line]),
        schema=PERSONAL,
        comment=f"{form.code} {form.title.zh}: 个人信息 personal data, never published",
    )


@lru_cache(maxsize=_FORMS)
def pseudonym_table(form: Form) -> Table | None:
    """The pseudonyms of a form's lines; None for a form whose lines need none.

    They are made from what is kept, so that they can be made anew by another key.
    """
    if not form.pseudonymous:
        return None
    lines = line_table(form)
    return Table(
        f"pseudonym_{form.name}",
        MetaData(),
        Column("filing_id", Integer, primary_key=True, autoincrement=False),
        Column("line", Integer, primary_key=True, autoincrement=False),
        *(
            Column(pseudonym_of(indicator), String(64), comment=f"{indicator.label.zh} HMAC-SHA256")
            for indicator in form.pseudonymous
        ),
        ForeignKeyConstraint(["filing_id", "line"], [lines.c.filing_id, lines.c.line]),
        schema=PERSONAL,
        comment=f"{form.code} {form.title.zh}: 去标识化 keyed pseudonyms, to tell persons apart",
    )


def pseudonym_of(indicator: Indicator) -> str:
    """The name of the column with the pseudonyms of a personal one."""
    return f"{indicator.name}_pseudonym"


def without_schema(table: Table) -> Table:
    """A table of a form as SQLite has it, where a key must not lead from one schema to another."""
    beside = MetaData()
    for key in table.foreign_keys:
        if key.column.table.key not in beside.tables:
            key.column.table.to_metadata(beside)
    return table.to_metadata(beside, schema=None)  # type: ignore[arg-type]  # None is none


def form_tables(form: Form) -> tuple[Table, ...]:
    """Every table of a form, in the order in which they can be made."""
    beside = (personal_table(form), pseudonym_table(form))
    return (line_table(form), *(table for table in beside if table is not None))


def _column(indicator: Indicator) -> Column[Any]:
    unit = f" ({indicator.unit})" if indicator.unit else ""
    label = f"{indicator.label.zh} {indicator.label.en}{unit}"
    return Column(indicator.name, _type(indicator), comment=label)


def _type(indicator: Indicator) -> TypeEngine[Any]:
    match indicator.kind:
        case "integer":
            return BigInteger()
        case "decimal":
            return ExactDecimal(DIGITS, indicator.decimals)
        case "date":
            return Date()
        case "code" | "text":
            return String()


def _key_index(form: Form, table_name: str) -> tuple[Index, ...]:
    keys = [key.name for key in form.key_indicators]
    if not keys or any(key.personal for key in form.key_indicators):
        return ()
    return (Index(f"uq_{table_name}_keys", "filing_id", *keys, unique=True),)
