"""Last period's accepted figures, as comments on the cells where this period's are written."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from schemas import formulas
from schemas.grid import OWN_AUTHOR
from schemas.layout import Layout, fixed_codes
from schemas.models import Indicator
from schemas.period import Period
from schemas.template_body import Line, Lines
from schemas.template_frame import Occasion
from schemas.template_styles import SONG
from schemas.text import Text

_PREVIOUS = Text(zh="上期（{period}）\n{value}", en="Last period ({period})\n{value}")
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
    period = previous.period.label(language)
    for row, line in _rows(layout, occasion, previous.lines):
        for column in layout.columns:
            indicator = column.indicator
            value = None if indicator is None else line.get(indicator.name)
            if indicator is None or indicator.personal or not isinstance(value, Decimal):
                continue
            shown = f"{_figure(value, indicator)} {_unit(indicator, occasion)}".rstrip()
            told = _PREVIOUS.in_(language).format(period=period, value=shown)
            sheet.write_comment(row, column.index, told, _LOOK)


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
