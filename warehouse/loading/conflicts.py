"""Two different returns of one form that came in one night, and where they differ."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice, zip_longest
from typing import Any

from sqlalchemy import Connection, Row, select

from schemas.filing import ROW, Filing, records
from schemas.findings import CellRef, Finding
from schemas.language.expression import Value
from schemas.messages import severity
from schemas.models import Form, Indicator, Scheme
from schemas.rules.wording import heading
from schemas.text import Text
from warehouse.lines.kept_lines import kept_filing
from warehouse.tables import submissions

_CODE = "submission-conflict"
_MOST_CELLS = 10
_AT = Text(
    zh="；“{column}”{cell}前一份是{before}、后一份是{after}",
    en="; {column} in {cell} is {before} in the earlier one and {after} in the later one",
)
_SOMEWHERE = Text(
    zh="；“{column}”{cell}两份不同", en="; {column} in {cell} is not the same in both of them"
)
_NOWHERE = Text(
    zh="；不同的是不公开的栏目或行数", en="; they differ in what is personal or in lines"
)
_BLANK = Text(zh="空白", en="blank")

Difference = tuple[CellRef, Indicator, Value | None, Value | None]
"""A cell of the later return, its column, and what the earlier and the later one say there."""


def conflict(
    connection: Connection,
    scheme: Scheme,
    form: Form,
    sha256: str,
    filing: Filing,
    earlier: Row[Any],
) -> Finding:
    """Two different filings of one county were accepted in the same night."""
    plain = frozenset(indicator.name for indicator in form.indicators if not indicator.personal)
    before = kept_filing(connection, scheme, earlier.id, plain)
    found = [*islice(_differences(form, before, filing), _MOST_CELLS)]
    return Finding(
        code=_CODE,
        severity=severity(_CODE),
        indicator=found[0][1].name if found else None,
        cells=tuple(cell for cell, *_ in found),
        parameters={
            "form": form.title,
            "first": _name(connection, earlier.sha256),
            "file": _name(connection, sha256),
            "unlike": _told(form, *found[0]) if found else _NOWHERE,
        },
    )


def _differences(form: Form, before: Filing, after: Filing) -> Iterator[Difference]:
    """Where the lines of two filings differ, one after the other, but for what is personal."""
    columns = [i for i in form.indicators if not i.personal and i.name in after.columns]
    earlier, later = (records(each.frame, form, provenance=True) for each in (before, after))
    for then, now in zip_longest(earlier, later):
        for indicator in () if now is None else columns:
            stated = None if then is None else then[indicator.name]
            if stated != now[indicator.name]:
                cell = after.cell(indicator.name, int(str(now[ROW])))
                yield cell, indicator, stated, now[indicator.name]


def _told(
    form: Form, cell: CellRef, indicator: Indicator, before: Value | None, after: Value | None
) -> Text:
    column = heading(form, indicator)
    # A shifted row may have a person in any column of a form about persons.
    said = _SOMEWHERE if any(each.personal for each in form.indicators) else _AT
    return Text(
        zh=said.zh.format(
            column=column.zh, cell=cell.address, before=_shown(before).zh, after=_shown(after).zh
        ),
        en=said.en.format(
            column=column.en, cell=cell.address, before=_shown(before).en, after=_shown(after).en
        ),
    )


def _shown(value: Value | None) -> Text:
    if value is None:
        return _BLANK
    words = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return Text(zh=words, en=words)


def _name(connection: Connection, sha256: str) -> str:
    query = select(submissions.c.name).where(submissions.c.sha256 == sha256)
    return str(connection.execute(query).scalar_one())
