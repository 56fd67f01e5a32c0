"""What became of every value of a return: read right, refused with a reason, or wrong."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from schemas.filing import ROW, Reading, records
from schemas.findings import Finding, Severity
from schemas.language.expression import Value, names
from schemas.models import Scheme
from tests.mess.page import Return


@dataclass
class Judgement:
    """How many values were read right and refused, and what is wrong in words."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def judge(made: Return, reading: Reading, scheme: Scheme) -> Judgement:
    """Compare every value that was read with what is true, and every address."""
    result = Judgement()
    read = dict(_read(reading, scheme))
    for key, value in read.items():
        if key not in made.truth and value is not None:
            result.wrong.append(f"{key} holds {value!r}, where nothing of the form stands")
    refused = [*reading.findings, *(f for filing in reading.filings for f in filing.findings)]
    for key, truth in made.truth.items():
        value = read.get(key)
        if value == truth:
            result.counts["right"] += 1
        elif value is None and any(
            _has_reason(each, refused, scheme) or made.truth.get(each, truth) is None
            for each in (key, *_operands(key, made, scheme))
        ):
            result.counts["refused"] += 1
        else:
            result.wrong.append(f"{key} is {truth!r} and was read as {value!r}")
    return result


Key = tuple[str, str, tuple[str, str]]


def _read(reading: Reading, scheme: Scheme) -> Iterator[tuple[Key, Value | None]]:
    """Every value of every filing by its form, its column and its cell."""
    for filing in reading.filings:
        form = scheme.form(filing.form)
        for line in records(filing.frame, form, provenance=True):
            for name in filing.columns:
                cell = filing.cell(name, int(str(line[ROW])))
                yield (filing.form, name, (cell.sheet, cell.address)), line[name]


def _operands(key: Key, made: Return, scheme: Scheme) -> list[Key]:
    """The cells that a computed one is worked out from: without them it is unknown, too."""
    form, name, (sheet, address) = key
    formula = scheme.form(form)[name].formula
    row = address.lstrip(_LETTERS)
    return [
        other
        for other in made.truth
        if formula is not None and other[0] == form and other[2][0] == sheet
        if other[1] in names(formula) and other[2][1].lstrip(_LETTERS) == row
    ]


_OF_COLUMNS = ("column-missing", "column-renamed", "column-ambiguous")
_OF_LINES = ("line-incomplete", "line-beyond", "line-unknown")
_OF_FORMS = ("heading-missing", "form-several", "form-ambiguous", "form-empty")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _has_reason(key: Key, findings: list[Finding], scheme: Scheme) -> bool:
    """Whether a finding that asks for something says why a value was not taken."""
    asking = (finding for finding in findings if finding.severity is not Severity.NOTICE)
    return any(_speaks_of(finding, key, scheme) for finding in asking)


def _speaks_of(finding: Finding, key: Key, scheme: Scheme) -> bool:
    form, name, (sheet, address) = key
    if finding.code in _OF_LINES:
        row = address.lstrip(_LETTERS)
        return any(c.sheet == sheet and c.address.lstrip(_LETTERS) == row for c in finding.cells)
    if finding.form not in (None, form):
        return False
    if finding.code == "sheet-hidden":
        return any(cell.sheet == sheet for cell in finding.cells)
    if finding.code in _OF_COLUMNS:
        return finding.parameters["column"] == scheme.form(form)[name].label
    if finding.indicator is not None:
        at = any((cell.sheet, cell.address) == (sheet, address) for cell in finding.cells)
        return finding.indicator == name and (at or finding.lines > len(finding.cells))
    return finding.code in _OF_FORMS or (finding.form is None and finding.severity == "error")
