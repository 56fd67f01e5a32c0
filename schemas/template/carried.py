"""The sheet with last period's lines of the lists, where clerks look them up and copy what goes on.

A list is filled in anew each period and in any order, so its lines have no cells to comment on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from schemas.drawing.styles import Styles, column_widths
from schemas.drawing.writer import Occasion
from schemas.layout import Column, Layout
from schemas.template.body import write_value
from schemas.template.previous import Previous, is_carried
from schemas.text import Text

_TITLE = Text(zh="上期逐项数据", en="Last period, line by line")
_HOW = Text(
    zh="逐项填写的表上期采用的各行，栏次与本期的表相同。本期仍有的可以复制过去，粘贴时选“数值”。",
    en="The lists as accepted last period, in their columns. Copy what goes on, and paste values.",
)
_PERIOD = Text(zh="{code} {title}（{period}）", en="{code} {title} ({period})")
_TOP = 3
_A3 = 8


def carried(layouts: Sequence[Layout], previous: Mapping[str, Previous]) -> list[Layout]:
    """The forms of some whose lines of last period stand on the sheet."""
    return [
        layout
        for layout in layouts
        if layout.form.name in previous and is_carried(layout.form, previous[layout.form.name])
    ]


def write_carried(
    sheet: Worksheet,
    styles: Styles,
    occasion: Occasion,
    layouts: Sequence[Layout],
    previous: Mapping[str, Previous],
) -> None:
    """Write the lines of some lists, one list under the other."""
    widths = [column_widths(layout.columns) for layout in layouts]
    columns = max(map(len, widths))
    for index in range(columns):
        sheet.set_column(index, index, max(w[index] for w in widths if index < len(w)))
    sheet.set_row(0, 36)
    sheet.merge_range(0, 0, 0, columns - 1, _TITLE.in_(occasion.language), styles("title"))
    sheet.merge_range(1, 0, 1, columns - 1, _HOW.in_(occasion.language), styles("centre"))
    row = _TOP
    for layout in layouts:
        row = _write_list(sheet, styles, occasion, layout, previous[layout.form.name], row) + 1
    sheet.set_landscape()
    sheet.set_paper(_A3)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _write_list(
    sheet: Worksheet,
    styles: Styles,
    occasion: Occasion,
    layout: Layout,
    previous: Previous,
    row: int,
) -> int:
    """Write a list with its title and headings from a row on; gives the row under it."""
    language, form = occasion.language, layout.form
    title = _PERIOD.in_(language).format(
        code=form.code, title=form.title.in_(language), period=previous.period.label(language)
    )
    sheet.set_row(row, 27)
    link = f"internal:'{form.sheet_name_in(language)}'!A1"
    sheet.write_url(row, 0, link, styles("section"), title)
    sheet.set_row(row + 1, 48)
    for column in layout.columns:
        sheet.write_string(row + 1, column.index, _heading(column, occasion), styles("heading"))
    then = replace(occasion, scheme=occasion.scheme.whole.at(previous.period))
    for line in previous.lines:
        for column in layout.columns:
            indicator = column.indicator
            assert indicator is not None, f"a line of {form.name} has no column that is printed"
            style = styles.cell("label", indicator)
            where = row + 2, column.index
            write_value(sheet, where, indicator, line.get(indicator.name), style, then)
        row += 1
    return row + 2


def _heading(column: Column, occasion: Occasion) -> str:
    """The words over a column, the outermost first, and its unit."""
    words = [column.heading.in_(occasion.language)]
    if column.group is not None and (group := column.group.in_(occasion.language)) not in words[0]:
        words.insert(0, group)
    unit = column.indicator.unit if column.indicator else None
    if unit is not None:
        words.append(f"({occasion.scheme.unit_label(unit, occasion.language)})")
    return "\n".join(words)
