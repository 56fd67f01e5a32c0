"""Read what a county sent: bytes to filings, each with its lines, its cells and its findings."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from schemas.answers import Answers, read_answers
from schemas.errors import WorkbookError
from schemas.filing import Reading
from schemas.findings import has_errors
from schemas.models import OrgUnit, Scheme
from schemas.origin.file_name import named_county, named_period
from schemas.origin.identify import Identity, identify
from schemas.period import Period
from schemas.place import Place
from schemas.reading.read_form import read_form
from schemas.workbook import open_workbook

_DETAILS = {"file-not-workbook": "what", "file-unreadable": "detail", "file-archive": "count"}


def _nobody(_cells: int) -> None:
    """Who is told how much there is to read, if nobody asks."""


def read_submission(
    name: str,
    content: bytes,
    scheme: Scheme,
    on: date,
    sender: str | None = None,
    counted: Callable[[int], None] = _nobody,
) -> Reading:
    """Read one file that came in under a name, with its folder, from a sender, as of a day.

    Whatever is wrong with it becomes findings: those of the reading concern the file, those of a
    filing one form. Forms that the county does not owe for the period make no filing. `counted` is
    told how many cells of returns there are, before they are read.
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
    counted(sum(form.cells for form in identity.forms))
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
            filing, told = read_form(found, scheme, county, place)
            filings += [] if filing is None else [filing]
            findings += told
        else:
            turned_away = place.finding("form-not-owed", [found.title], form=found.form.title)
            findings.append(turned_away)
    for form in identity.missing:
        if form in owed:
            place = Place(county.code, period, form.name)
            findings.append(place.finding("sheet-missing", form=form.title))
    return Reading(county.code, period, tuple(filings), tuple(findings))
