"""Every check of a form as the formulas of one row of the check sheet.

The checks are those of `schemas.rules.checks`. Two more concern what only reading a return finds:
whether numbers are numbers, and whether a total that can be seen on the sheet is that of its lines.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from schemas import messages
from schemas.check_sheet.arithmetic import Range, Verdict, around, compared, judged, span
from schemas.check_sheet.cells import ReviewCells, rounded
from schemas.findings import Severity
from schemas.models import Indicator
from schemas.rules.checks import Check, line_checks, totals_check
from schemas.rules.wording import heading
from schemas.text import Text

MOST_COMPARED = 1000
"""Lists with more lines are not searched for repeated keys: each is compared with each other."""

_READABLE = Text(zh="数字栏只填数字，日期栏只填日期", en="Numbers are numbers and dates are dates")
_TOTAL = Text(zh="“{}”的合计等于各行之和", en="The total of {} is that of its lines")
_LARGEST = Text(zh="“{}”的合计行是各行的最大值", en="The total of {} is the largest of its lines")
_SMALLEST = Text(zh="“{}”的合计行是各行的最小值", en="The total of {} is the smallest of its lines")
_RATIO = Text(zh="“{}”的合计行按各栏合计计算", en="The total of {} is made of the totals")
_TOTALS = {"max": _LARGEST, "min": _SMALLEST, "ratio": _RATIO}


@dataclass(frozen=True)
class Review:
    """One row of the check sheet; `id` is that of the check, for totals with the column's name.

    `verdict` is about each row of the form's cells, or where `total` is set about that one cell.
    `column` is an expression for the number of the column that a failing cell is in.
    """

    id: str
    statement: Text
    severity: Severity
    verdict: Verdict
    column: str
    total: str | None = None


def reviews(cells: ReviewCells) -> Iterator[Review]:
    """The checks of a form, in the order of its columns, then its rules, then its totals."""
    form = cells.layout.form
    yield Review(
        id=f"{form.code}.readable",
        statement=_READABLE,
        severity=messages.severity("value-not-number"),
        verdict=Verdict("1", f"({cells.unreadable()}>0)"),
        column=f"COLUMN({cells.area})",
    )
    for check in (check for check in line_checks(form) if not check.trial):
        if check.kind == "keys" and len(cells.layout.lines) > MOST_COMPARED:
            continue
        column = cells.column_number(check.indicator)
        yield Review(check.id, check.statement, check.severity, _verdict(check, cells), column)
    if cells.layout.total_row is not None:
        yield from _totals(cells)


def _verdict(check: Check, cells: ReviewCells) -> Verdict:
    indicator = check.indicator
    known = cells.known(indicator)
    match check.kind:
        case "required":
            blank = cells.blank(indicator)
            return Verdict(f"({known}+{blank}>0)", blank)
        case "minimum":
            return Verdict(known, f"({cells.value(indicator)}<{indicator.minimum:f})")
        case "maximum":
            return Verdict(known, f"({cells.value(indicator)}>{indicator.maximum:f})")
        case "codes":
            return Verdict(f"(1-{cells.blank(indicator)})", f"(1-{known})")
        case "id_number":
            return Verdict(known, f"(1-{cells.is_id_number(indicator)})")
        case "phone":
            return Verdict(known, f"(1-{_is_phone(cells.words(indicator))})")
        case "keys":
            return _repeated(check, cells)
    return judged(check.arithmetic, cells)


# --- keys ----------------------------------------------------------------------------------------


def _repeated(check: Check, cells: ReviewCells) -> Verdict:
    known = "*".join([cells.lines(), *map(cells.known, check.indicators)])
    keys = cells.keys(known, check.indicators)
    ones = f"{cells.row_numbers()}^0"
    return Verdict(known, f"(MMULT(--EXACT({keys},TRANSPOSE({keys})),{ones})>1)")


# --- telephones -----------------------------------------------------------------------------------


def _is_phone(words: str) -> str:
    """1 where a text is a mobile number, or a number with its area code, parted by - or blank."""
    places = ",".join(str(place) for place in range(1, 14))
    ones = ";".join("1" * 13)
    digits = f"MMULT(--ISNUMBER(--MID({words},{{{places}}},1)),{{{ones}}})"
    length = f"LEN({words})"
    mobile = f'({length}=11)*({digits}=11)*(LEFT({words})="1")'
    whole = f"({length}>=10)*({length}<=12)*({digits}={length})"
    parted = "+".join(
        f'((MID({words},{at},1)="-")+(MID({words},{at},1)=" "))'
        f"*({length}>={at + 7})*({length}<={at + 8})*({digits}={length}-1)"
        for at in (4, 5)
    )
    return f'({mobile}+(LEFT({words})="0")*({whole}+{parted})>0)'


# --- totals --------------------------------------------------------------------------------------


def _totals(cells: ReviewCells) -> Iterator[Review]:
    form = cells.layout.form
    check = totals_check(form)
    for indicator in form.indicators:
        if indicator.name not in form.totalled:
            continue
        words = {"max": _LARGEST, "min": _SMALLEST, "ratio": _RATIO}.get(
            indicator.aggregation, _TOTAL
        )
        label = heading(form, indicator)
        yield Review(
            id=f"{check.id}.{indicator.name}",
            statement=Text(zh=words.zh.format(label.zh), en=words.en.format(label.en)),
            severity=check.severity,
            verdict=_total(indicator, cells),
            column=cells.column_number(indicator),
            total=cells.total(indicator),
        )


def _total(indicator: Indicator, cells: ReviewCells) -> Verdict:
    cell = cells.total(indicator)
    known = [f"ISNUMBER({cell})", f"({cells.content}>0)"]
    if indicator.kind == "integer" and indicator.computed is None:
        known.append(f"({cell}=INT({cell}))")
    value = rounded(cell, indicator.decimals)
    stated = around(value, indicator.half_width, indicator.decimals, *known)
    return compared("=", stated, _added_up(indicator, cells))


def _added_up(indicator: Indicator, cells: ReviewCells) -> Range:
    """The total of a column's lines, and what the precision of the lines leaves open."""
    form = cells.layout.form
    if indicator.aggregation == "ratio":
        assert indicator.formula is not None, indicator.name
        return span(indicator.formula, lambda name: _added_up(form[name], cells), _never, _never)
    lines, value = cells.lines(), cells.value(indicator)
    complete = f"(SUM({lines}*{cells.known(indicator)})=SUM({lines}))"
    reach = "" if not indicator.half_width else f"{indicator.half_width:f}"
    if indicator.aggregation in ("max", "min"):
        extreme = f"MAX(IF({lines},{value},-1E+15))"
        if indicator.aggregation == "min":
            extreme = f"MIN(IF({lines},{value},1E+15))"
        return around(extreme, reach, indicator.decimals, complete, f"(SUM({lines})>0)")
    number = f"{reach}*SUM({lines})" if reach else ""
    return around(f"SUM({lines}*{value})", number, indicator.decimals, complete)


def _never(what: object) -> NoReturn:
    raise TypeError(f"a total cannot speak of whether {what} is filled in, nor of ID numbers")
