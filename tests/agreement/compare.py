"""What the check sheet of a recalculated workbook says, beside what huizong finds in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from string import ascii_uppercase

from python_calamine import CalamineWorkbook

from expectations.validate import validate
from schemas.check_sheet import sheet as review
from schemas.check_sheet.cells import ReviewCells
from schemas.check_sheet.checks import reviews
from schemas.drawing.cell_checks import Choices
from schemas.filing import Checked, Filing
from schemas.layout import Layout
from schemas.reading.reader import read_submission
from schemas.rules.checks import CODES
from tests.agreement.damage import Damaged

Failures = Mapping[tuple[str, str], int]
"""By form and check: on how many lines it fails."""

UNREADABLE = frozenset(
    {"value-not-number", "value-not-integer", "value-not-date", "value-error-cell"}
)
_ON = date(2030, 1, 1)


@dataclass(frozen=True)
class Disagreement:
    """A check of a form that fails in one of the two and not in the other, or on other lines."""

    form: str
    check: str
    on_sheet: int
    in_suite: int


def disagreements(pairs: Sequence[tuple[Damaged, bytes]]) -> Iterator[tuple[int, Disagreement]]:
    """Where the check sheets of recalculated workbooks and the suites of their forms differ.

    Each comes with the number of its workbook. Every workbook must be of the same scheme but for
    its forms.
    """
    found = _in_suite(pairs)
    for number, (made, content) in enumerate(pairs):
        shown = on_sheet(made, content)
        for form, check in sorted({*shown, *found[number]}):
            counts = shown.get((form, check), 0), found[number].get((form, check), 0)
            if counts[0] != counts[1]:
                yield number, Disagreement(form, check, *counts)


def on_sheet(made: Damaged, content: bytes) -> Failures:
    """The checks that fail by the check sheet of a workbook."""
    with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
        sheet = book.get_sheet_by_name(review.SHEET.in_(made.scheme.language))
        rows = sheet.to_python(skip_empty_area=False)[review.FIRST_ROW :]
    choices = Choices(made.scheme, made.scheme.language)
    failed: dict[tuple[str, str], int] = {}
    position = 0
    for layout in made.layouts:
        position += 1  # the row of the form itself
        for check in reviews(ReviewCells(layout, made.scheme, choices, "A1")):
            row = rows[position]
            position += 1
            statement = check.statement.in_(made.scheme.language)
            assert (row[review.FORM], row[review.STATEMENT]) == (layout.form.code, statement)
            if row[review.STATE] == review.FAILED.in_(made.scheme.language):
                places = row[review.PLACES]
                assert isinstance(places, float), row
                where = (layout.form.name, _suite_id(check.id))
                failed[where] = failed.get(where, 0) + int(places)
    assert position == len(rows), "the check sheet has other rows"
    return failed


def _suite_id(check: str) -> str:
    """The id of a check, of which the check sheet has a row for each column's total."""
    code, _, rest = check.partition(".")
    return f"{code}.totals" if rest.startswith("totals.") else check


def _in_suite(pairs: Sequence[tuple[Damaged, bytes]]) -> list[Failures]:
    read = [
        read_submission("return.xlsx", content, made.scheme, _ON).filings for made, content in pairs
    ]
    filings = [filing for each in read for filing in each]
    whole = pairs[0][0].scheme
    forms = {form.name: form for made, _ in pairs for form in made.scheme.forms}
    scheme = whole.model_copy(update={"forms": tuple(forms.values())})
    checked = dict(zip(map(id, filings), validate(filings, scheme), strict=True))
    return [
        {
            (filing.form, check): lines
            for filing, layout in zip(each, made.layouts, strict=True)
            for check, lines in _failures(layout, filing, checked[id(filing)]).items()
        }
        for each, (made, _) in zip(read, pairs, strict=True)
    ]


def _failures(layout: Layout, filing: Filing, checked: Checked) -> dict[str, int]:
    """The checks that fail on a filing, and what reading found that the check sheet shows too."""
    code = layout.form.code
    failed = {result.check: result.failed for result in checked.results if result.failed}
    totals = None if layout.total_row is None else str(layout.total_row + 1)
    for finding in filing.findings:
        if finding.cells and finding.cells[0].address.lstrip(ascii_uppercase) == totals:
            continue  # a total that cannot be read is no line
        if finding.code == CODES["codes"]:
            _add(failed, f"{code}.{finding.indicator}.codes", finding.lines)
        elif finding.code in UNREADABLE:
            _add(failed, f"{code}.readable", finding.lines)
    return failed


def _add(counts: dict[str, int], check: str, lines: int) -> None:
    counts[check] = counts.get(check, 0) + lines
