"""Read what a county sent: bytes to filings, each with its lines, its cells and its findings."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from schemas.answers import Answers, read_answers
from schemas.body import Body, read_body
from schemas.errors import WorkbookError
from schemas.file_name import named_county, named_period
from schemas.filing import ROW, Filing, Reading, empty_frame, typed_frame
from schemas.findings import CellRef, Finding, has_errors
from schemas.heading_paths import Heading
from schemas.headings import Headings
from schemas.identify import FormSheet, Identity, identify
from schemas.layout import address, column_letter
from schemas.models import OrgUnit, Scheme
from schemas.period import Period
from schemas.place import MOST_CELLS, Place, merged
from schemas.text import Text
from schemas.workbook import open_workbook

_NOT_SHOWN = Text(zh="(可能涉及个人信息，不显示)", en="(not shown, as it may be personal)")
_LONGEST_NOTE = 200  # characters of a comment that are told

_DETAILS = {"file-not-workbook": "what", "file-unreadable": "detail", "file-archive": "count"}


def read_submission(
    name: str, content: bytes, scheme: Scheme, on: date, sender: str | None = None
) -> Reading:
    """Read one file that came in under a name, with its folder, from a sender, as of a day.

    Whatever is wrong with it becomes findings: those of the reading concern the file, those of a
    filing one form. Forms that the county does not owe for the period make no filing.
    """
    try:
        book = open_workbook(content, name)
    except WorkbookError as error:
        return unopened(name, error, scheme)
    answers = read_answers(book)
    if answers is not None and answers.stamp.kind == "list":
        return _list(answers, name, scheme)
    identity = identify(book, scheme, on, sender)
    of_file = [finding for finding in identity.findings if finding.form is None]
    if identity.county is None or identity.period is None or has_errors(of_file):
        code = identity.county.code if identity.county else None
        return Reading(code, identity.period, findings=identity.findings, answers=answers)
    reading = _reading(identity, scheme, identity.county, identity.period)
    return replace(reading, answers=answers)


def _list(answers: Answers, name: str, scheme: Scheme) -> Reading:
    """What is read of a list of findings that comes back: nothing but what is written in it."""
    stamp = answers.stamp
    units = {unit.code for unit in (*scheme.counties, scheme.municipality)}
    periods = {entry.id for entry in scheme.periods}
    if stamp.scheme != scheme.id or stamp.county not in units or stamp.period not in periods:
        return Reading(findings=(Place().finding("list-unknown", file=name),))
    return Reading(stamp.county, stamp.period, answers=answers)


def unopened(name: str, error: WorkbookError, scheme: Scheme) -> Reading:
    """What is read of a file that cannot be opened: only its name says to whom that goes."""
    county, period = named_county(name, scheme), named_period(name, scheme)
    place = Place(county.code if county else None, period)
    details = {} if error.detail is None else {_DETAILS[error.code]: error.detail}
    finding = place.finding(error.code, (), file=name, **details)
    return Reading(place.county, place.period, findings=(finding,))


def _reading(identity: Identity, scheme: Scheme, county: OrgUnit, period: str) -> Reading:
    scheme = scheme.at(Period.parse(period))
    owed = scheme.forms_owed(county, Period.parse(period))
    filings = []
    findings = list(identity.findings)
    for found in identity.forms:
        place = Place(county.code, period, found.form.name)
        if found.form in owed:
            filings.append(_filing(found, scheme, county, place, period))
        else:
            told = place.finding("form-not-owed", [found.title], form=found.form.title)
            findings.append(told)
    for form in identity.missing:
        if form in owed:
            place = Place(county.code, period, form.name)
            findings.append(place.finding("sheet-missing", form=form.title))
    return Reading(county.code, period, tuple(filings), tuple(findings))


def _filing(found: FormSheet, scheme: Scheme, county: OrgUnit, place: Place, period: str) -> Filing:
    form, sheet, headings = found.form, found.sheet, found.headings
    if headings is None:
        lost = place.finding("heading-missing", [found.title], form=form.title)
        return Filing(
            form.name, county.code, period, sheet.name, empty_frame(form), {}, findings=(lost,)
        )
    body = read_body(sheet, form, headings, scheme, county, place)
    return Filing(
        form=form.name,
        county=county.code,
        period=period,
        sheet=sheet.name,
        frame=typed_frame(form, body.lines),
        columns={name: column_letter(column) for name, column in headings.columns.items()},
        declared_nil=body.declared_nil,
        totals=tuple(body.totals),
        typed=body.typed,
        findings=(
            *_heading_findings(found, headings, scheme, place),
            *merged(body.findings),
            *_linked_findings(found, body, place),
            *_notes(found, body, place),
        ),
    )


def _linked_findings(found: FormSheet, body: Body, place: Place) -> Iterator[Finding]:
    """What was read as another workbook had it when this one was saved."""
    columns = found.headings.columns.values() if found.headings else ()
    rows = {line[ROW] for line in body.lines}
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
    rows = {line[ROW] for line in body.lines}
    personal = any(indicator.personal for indicator in found.form.indicators)
    for (row, column), text in sorted(found.sheet.notes.items()):
        if column in columns and row + 1 in rows:
            indicator = columns[column]
            cell = CellRef(sheet=found.sheet.name, address=address(row, column))
            note: Text | str = _NOT_SHOWN if personal else " ".join(text.split())[:_LONGEST_NOTE]
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
    if headings.unknown:
        stated = "、".join(heading.stated for heading in headings.unknown)
        yield place.finding("column-unknown", cells(*headings.unknown), stated=stated)
