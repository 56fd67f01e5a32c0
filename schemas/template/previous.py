"""Last period's accepted figures, as comments on the cells where this period's are written.

The lines of a list have no such cells: a comment says that they stand on a sheet of their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from schemas.drawing.styles import SONG
from schemas.drawing.writer import Occasion
from schemas.grid import OWN_AUTHOR
from schemas.headings.last_period import LAST_PERIOD
from schemas.language.expression import Line
from schemas.layout import Layout, fixed_codes
from schemas.models import Form, Indicator
from schemas.period import Period
from schemas.rules import formulas
from schemas.template.body import Lines
from schemas.text import Text

SHEET = Text(zh="上期", en="Last period")
"""The name of the sheet with the lines of lists."""

_LINES = Text(zh="{count} 行，逐行见“{sheet}”表", en="{count} lines, on the sheet {sheet}")
_LOOK = {
    "font_name": SONG,
    "font_size": 9,
    "width": 150,
    "height": 36,
    "author": f"{OWN_AUTHOR} template",
}


@dataclass(frozen=True)
class Previous:
    """What a county's accepted return of a form said for an earlier period, line by line."""

    period: Period
    lines: Lines


def write_previous(
    sheet: Worksheet, layout: Layout, occasion: Occasion, previous: Previous
) -> None:
    """Comment on the cells of the form's own lines and of its totals; a list has only totals."""
    language = occasion.language
    if is_carried(layout.form, previous):
        told = {"count": len(previous.lines), "sheet": SHEET.in_(language)}
        lines = _LINES.in_(language).format(**told)
        _comment(sheet, (layout.body_row, 0), occasion, previous, lines)
    for row, line in _rows(layout, occasion, previous.lines):
        for column in layout.columns:
            indicator = column.indicator
            value = None if indicator is None else line.get(indicator.name)
            if indicator is None or indicator.personal or not isinstance(value, Decimal):
                continue
            shown = f"{_figure(value, indicator)} {_unit(indicator, occasion)}".rstrip()
            _comment(sheet, (row, column.index), occasion, previous, shown)


def is_carried(form: Form, previous: Previous) -> bool:
    """Whether last period's lines stand on their own sheet.

    Those about persons do not: without what is personal they say nothing.
    """
    personal = any(indicator.personal for indicator in form.indicators)
    return form.body == "list" and bool(previous.lines) and not personal


def _comment(
    sheet: Worksheet, where: tuple[int, int], occasion: Occasion, previous: Previous, value: str
) -> None:
    period = previous.period.label(occasion.language)
    told = LAST_PERIOD.in_(occasion.language).format(period=period, value=value)
    sheet.write_comment(*where, told, _LOOK)


def _rows(layout: Layout, occasion: Occasion, lines: Lines) -> Iterator[tuple[int, Line]]:
    form = layout.form
    if form.body == "single":
        yield from zip(layout.lines, lines, strict=False)
    if form.fixed_by is not None:
        by_code = {line[form.fixed_by]: line for line in lines}
        for row, code in zip(layout.lines, fixed_codes(form, occasion.scheme), strict=True):
            yield row, by_code.get(code, {})
    if layout.total_row is not None:
        yield layout.total_row, formulas.totals(form, lines)


def _figure(value: Decimal, indicator: Indicator) -> str:
    return f"{formulas.rounded(value, indicator.decimals):f}"


def _unit(indicator: Indicator, occasion: Occasion) -> str:
    return occasion.scheme.unit_label(indicator.unit, occasion.language)
