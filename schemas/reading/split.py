"""A form that is split over several sheets: read together where they tell whose each line is.

Its lines go on from sheet to sheet, each with all columns, or its columns do, each sheet with the
keys of all lines. What could as well be another version of the form is not put together.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from schemas.filing import NIL, ROW, Piece, Total
from schemas.findings import Finding
from schemas.layout import column_letter
from schemas.models import Form
from schemas.reading.body import Body

_OF_THE_WHOLE = ("line-missing", "column-missing")


@dataclass(frozen=True)
class SheetBody:
    """What was read of a form on one of its sheets, where its columns are, and its findings.

    `height` is how many rows the sheet has, and `goes_on` that it says so itself: 续表.
    """

    sheet: str
    height: int
    goes_on: bool
    columns: Mapping[str, int]
    body: Body
    findings: tuple[Finding, ...]

    @property
    def letters(self) -> dict[str, str]:
        """The letter of each column."""
        return {name: column_letter(column) for name, column in self.columns.items()}


@dataclass(frozen=True)
class Joined:
    """A form of several sheets as one; `columns` are the letters where each column first stands."""

    sheet: str
    columns: Mapping[str, str]
    body: Body
    findings: tuple[Finding, ...]
    pieces: tuple[Piece, ...] = ()


def as_it_is(sheet: SheetBody) -> Joined:
    """A form that stands on one sheet."""
    return Joined(sheet.sheet, sheet.letters, sheet.body, sheet.findings)


def join(form: Form, sheets: Sequence[SheetBody]) -> Joined | None:
    """A form from its sheets; None where lines or columns are on more than one of them."""
    keys = [_keys(form, sheet) for sheet in sheets]
    if all(sheet.columns.keys() == sheets[0].columns.keys() for sheet in sheets):
        return _below(form, sheets) if _apart(sheets, keys) else None
    return _beside(sheets) if _same_lines(form, sheets, keys) else None


def _keys(form: Form, sheet: SheetBody) -> list[tuple[object, ...]]:
    names = [form.fixed_by] if form.fixed_by else [key.name for key in form.key_indicators]
    columns = sheet.body.columns
    missing = [None] * len(sheet.body.rows)
    found = [columns.get(name or "", missing) for name in names]
    return [*zip(*found, strict=True)] if found else [() for _ in missing]


def _apart(sheets: Sequence[SheetBody], keys: Sequence[Sequence[tuple[object, ...]]]) -> bool:
    """Whether no line can be on two sheets; lines without keys only go on where that is said."""
    known = [{key for key in of if key and None not in key} for of in keys]
    all_known = all(len(some) == len(set(of)) for some, of in zip(known, keys, strict=True))
    disjoint = sum(map(len, known)) == len(set().union(*known))
    return disjoint and (all_known or all(sheet.goes_on for sheet in sheets[1:]))


def _same_lines(
    form: Form, sheets: Sequence[SheetBody], keys: Sequence[Sequence[tuple[object, ...]]]
) -> bool:
    """Whether every sheet has the same lines in the same order, and says nothing else of them."""
    first = keys[0]
    is_one = form.body == "single" and len(first) == 1
    told_apart = is_one or (all(all(key) for key in first) and len(set(first)) == len(first))
    if not first or not told_apart or any(of != first for of in keys):
        return False
    seen: dict[str, list[object]] = {}
    for sheet in sheets:
        for name in sheet.columns:
            values = [*sheet.body.columns[name]]
            if seen.setdefault(name, values) != values:
                return False
    return True


def _below(form: Form, sheets: Sequence[SheetBody]) -> Joined:
    """The lines of all sheets below each other."""
    whole = Body()
    pieces = []
    shift = 0
    for sheet in sheets:
        rows = [row + shift for row in sheet.body.rows]
        for name, values in {**sheet.body.columns, ROW: rows}.items():
            whole.columns[name] = [*whole.columns.get(name, ()), *values]
        whole.typed |= {(n, row + shift): typed for (n, row), typed in sheet.body.typed.items()}
        whole.totals += _of_the_whole(form, sheet.body)
        if shift:
            pieces.append(Piece(sheet.sheet, sheet.letters, rows[0], rows[-1], shift))
        shift += sheet.height
    return Joined(
        sheets[0].sheet, sheets[0].letters, whole, tuple(_findings(sheets)), tuple(pieces)
    )


def _beside(sheets: Sequence[SheetBody]) -> Joined:
    """The columns of all sheets beside each other, on the rows of the first."""
    first = sheets[0]
    letters = first.letters
    whole = replace(first.body)
    pieces: list[Piece] = []
    for sheet in sheets[1:]:
        own = {name: at for name, at in sheet.letters.items() if name not in letters}
        whole.totals = [*whole.totals, *(t for t in sheet.body.totals if t.indicator in own)]
        pairs = list(zip(first.body.rows, sheet.body.rows, strict=True))
        row_of = {theirs: ours for ours, theirs in pairs}
        typed = {(n, row_of[row]): t for (n, row), t in sheet.body.typed.items() if n in own}
        whole.typed = {**whole.typed, **typed}
        nil = zip(whole.columns[NIL], sheet.body.columns[NIL], strict=True)
        whole.columns = {
            **whole.columns,
            **{name: sheet.body.columns[name] for name in own},
            NIL: [_nil_of_both(*each, own) for each in nil],
        }
        for shift, run in groupby(pairs, key=lambda pair: pair[0] - pair[1]):
            rows = [ours for ours, _ in run]
            pieces.append(Piece(sheet.sheet, own, rows[0], rows[-1], shift))
        letters = {**letters, **own}
    return Joined(first.sheet, letters, whole, tuple(_findings(sheets)), tuple(pieces))


def _nil_of_both(nil: object, other: object, own: Mapping[str, str]) -> str | None:
    """What was declared nil on a line, of another sheet only what is its own."""
    of_other = [name for name in str(other or "").split() if name in own]
    return " ".join([*str(nil or "").split(), *of_other]) or None


def _findings(sheets: Sequence[SheetBody]) -> Iterator[Finding]:
    """What was found on any sheet, but what is lacking only where it is on none of them."""
    for sheet in sheets:
        others = [other.findings for other in sheets if other is not sheet]
        for finding in sheet.findings:
            told_first = sheet is sheets[0] and all(finding in found for found in others)
            if finding.code not in _OF_THE_WHOLE or told_first:
                yield finding


def _of_the_whole(form: Form, body: Body) -> list[Total]:
    """The totals of a sheet but those that are of its own lines alone."""
    rows: dict[str, list[Total]] = {}
    for total in body.totals:
        rows.setdefault(total.cell.address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), []).append(total)
    return [total for row in rows.values() if not _is_of(form, body, row) for total in row]


def _is_of(form: Form, body: Body, totals: Sequence[Total]) -> bool:
    """Whether a row of totals adds up the lines of its own sheet."""
    sums = [total for total in totals if form[total.indicator].aggregation == "sum"]
    return bool(sums) and all(
        total.value == sum(map(_number, body.columns[total.indicator]), Decimal(0))
        for total in sums
    )


def _number(value: object) -> Decimal:
    return Decimal(0) if value is None else Decimal(str(value))
