"""One form of a workbook to its filing, from the sheet or the sheets that it stands on."""

import re
from collections.abc import Iterator

from schemas.discretion import NOT_SHOWN
from schemas.filing import Filing, frame_of
from schemas.findings import CellRef, Finding
from schemas.headings.heading_paths import Heading
from schemas.headings.headings import Headings
from schemas.headings.last_period import tells_last_period
from schemas.headings.lost_headings import lost_headings
from schemas.headings.several import repeated, unclear
from schemas.layout import address
from schemas.models import OrgUnit, Scheme
from schemas.origin.identify import FormSheet
from schemas.origin.stated import is_of_another
from schemas.place import MOST_CELLS, Place
from schemas.reading.body import Body, read_body
from schemas.reading.faults import merged
from schemas.reading.split import Joined, SheetBody, as_it_is, join
from schemas.text import NOTHING, Text, listed

_LONGEST_NOTE = 200  # characters of a comment that are told
_OF_ROWS = frozenset({"序号", "行次", "行号"})  # columns that number the lines, and say nothing
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_OTHER_VERSION = re.compile("上年|去年|同期|上期|旧|原表|作废|备份|样表|示例|参考|副本")


def read_form(
    found: FormSheet, scheme: Scheme, county: OrgUnit, place: Place
) -> tuple[Filing | None, list[Finding]]:
    """The filing of a form with its findings, and what is to be said of its sheets.

    There is none where it stands on several sheets and nobody can say which of them counts.
    """
    form, sheets = found.form, (found, *found.further)
    if len(sheets) == 1:
        return _filing(found, as_it_is(_read(found, scheme, county, place)), place), []
    names = [each.sheet.name for each in sheets]
    if not any(_may_be_another(each, found, scheme, county, place) for each in found.further):
        read = [_read(each, scheme, county, place) for each in sheets]
        filled = [sheet for sheet in read if sheet.body.rows] or read[:1]
        joined = join(form, filled)
        if joined is not None:
            used = [sheet.sheet for sheet in filled]
            left_out = [name for name in names if name not in used]
            told = [repeated(form, [*used, *left_out], place)] if left_out else []
            return _filing(found, joined, place), told
    if found.own and not any(each.goes_on for each in found.further):
        alone = as_it_is(_read(found, scheme, county, place))
        return _filing(found, alone, place), [repeated(form, names, place)]
    return None, [unclear(form, names, place)]


def _may_be_another(
    sheet: FormSheet, first: FormSheet, scheme: Scheme, county: OrgUnit, place: Place
) -> bool:
    """Whether a further sheet may be no part of the return: another's, an older one, a model."""
    if sheet.headings is None or first.headings is None:
        return True
    period = place.period or ""
    years = set(_YEAR.findall(sheet.sheet.name))
    words = {sheet.sheet.name, *(text for _, text in sheet.head.texts)}
    words -= {text for _, text in first.head.texts}
    return (
        is_of_another(sheet.head, county, period, scheme, [sheet.form])
        or not years <= set(_YEAR.findall(period))
        or any(map(_OTHER_VERSION.search, words))
    )


def _read(found: FormSheet, scheme: Scheme, county: OrgUnit, place: Place) -> SheetBody:
    """What stands on one sheet of a form."""
    form, sheet, headings = found.form, found.sheet, found.headings
    if headings is None:
        lost = _lost_headings(found, scheme, place)
        return SheetBody(sheet.name, len(sheet.rows), found.goes_on, {}, Body(), (lost,))
    body = read_body(sheet, form, headings, scheme, county, place)
    findings = (
        *_heading_findings(found, headings, scheme, place),
        *merged(body.found, place, sheet.name),
        *_linked_findings(found, body, place),
        *_notes(found, body, place),
    )
    return SheetBody(sheet.name, len(sheet.rows), found.goes_on, headings.columns, body, findings)


def _lost_headings(found: FormSheet, scheme: Scheme, place: Place) -> Finding:
    """That headings are not found, with what may be them; that may as well be a row of persons."""
    form, lost = found.form, lost_headings(found.sheet, found.form, scheme)
    columns = listed([column.heading for column in lost.columns])
    stated: Text | str = "、".join(heading.stated for heading in lost.stated) or NOTHING
    if any(indicator.personal for indicator in form.indicators):
        stated = NOT_SHOWN
    told: dict[str, Text | str] = {"form": form.title, "columns": columns, "stated": stated}
    return place.finding("heading-missing", [found.title], **told)


def _filing(found: FormSheet, read: Joined, place: Place) -> Filing:
    return Filing(
        form=found.form.name,
        county=place.county or "",
        period=place.period or "",
        sheet=read.sheet,
        frame=frame_of(found.form, read.body.columns),
        columns=read.columns,
        declared_nil=read.body.declared_nil,
        totals=tuple(read.body.totals),
        typed=read.body.typed,
        findings=read.findings,
        pieces=read.pieces,
    )


def _linked_findings(found: FormSheet, body: Body, place: Place) -> Iterator[Finding]:
    """What was read as another workbook had it when this one was saved."""
    columns = found.headings.columns.values() if found.headings else ()
    rows = frozenset(body.rows if found.sheet.linked else ())
    linked = [(r, c) for r, c in sorted(found.sheet.linked) if c in columns and r + 1 in rows]
    if linked:
        cells = [CellRef(sheet=found.sheet.name, address=address(*where)) for where in linked]
        count = str(len(linked))
        yield place.finding("value-linked", cells[:MOST_CELLS], form=found.form.title, count=count)


def _notes(found: FormSheet, body: Body, place: Place) -> Iterator[Finding]:
    """What people noted on the values; of a form about persons only that they did."""
    if found.headings is None:
        return
    columns = {column: found.form[name] for name, column in found.headings.columns.items()}
    rows = frozenset(body.rows if found.sheet.notes else ())
    personal = any(indicator.personal for indicator in found.form.indicators)
    for (row, column), text in sorted(found.sheet.notes.items()):
        if column in columns and row + 1 in rows and not tells_last_period(text):
            indicator = columns[column]
            cell = CellRef(sheet=found.sheet.name, address=address(row, column))
            note: Text | str = NOT_SHOWN if personal else " ".join(text.split())[:_LONGEST_NOTE]
            yield place.value_finding("cell-noted", indicator, cell, {"note": note})


def _heading_findings(
    found: FormSheet, headings: Headings, scheme: Scheme, place: Place
) -> Iterator[Finding]:
    def cells(*told: Heading) -> list[CellRef]:
        name = found.sheet.name
        return [CellRef(sheet=name, address=address(h.row, h.column)) for h in told]

    for column in headings.missing:
        yield place.finding("column-missing", column=column.heading)
    for column, heading in headings.renamed:
        what, stated = column.heading, heading.stated
        yield place.finding("column-renamed", cells(heading), column=what, stated=stated)
    for column, each in headings.ambiguous:
        stated = "、".join(f"{h.stated}({address(h.row, h.column)})" for h in each)
        yield place.finding("column-ambiguous", cells(*each), column=column.heading, stated=stated)
    for name in headings.scales:
        indicator = found.form[name]
        unit = scheme.units[indicator.unit or ""].label
        where = address(headings.top, headings.columns[name])
        cell = CellRef(sheet=found.sheet.name, address=where)
        yield place.finding("column-unit", [cell], column=indicator.label, unit=unit)
    unknown = [heading for heading in headings.unknown if heading.label not in _OF_ROWS]
    if unknown:
        stated = "、".join(heading.stated for heading in unknown)
        yield place.finding("column-unknown", cells(*unknown), stated=stated)
