"""What is printed of a form around its lines: title, legal block, headings, footer and notes."""

from collections.abc import Sequence

from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from schemas.drawing.styles import Styles, column_widths, shown_width
from schemas.drawing.writer import FormWriter, Occasion
from schemas.layout import BLOCK_ROWS, HEAD_ROW, HEADING_ROW, TITLE_ROW, Column, Layout
from schemas.text import Language, Text

_WIDE = 12
_ROW_HEIGHT = 17
_A3, _A4 = 8, 9
_ON_ONE_PAGE = 40  # lines; a blank list has 30, of which five would stand alone on a second page

_DOCUMENT_NO = Text(zh="表    号：{}", en="Form no.: {}")
_ISSUED_BY = Text(zh="制定机关：{}", en="Issued by: {}")
_COUNTY = Text(zh="填报单位（盖章）：{}", en="Reporting unit: {}")
_UNIT = Text(zh="计量单位：{}", en="Unit: {}")
_FOOTER = (
    Text(zh="单位负责人：", en="Head of unit:"),
    Text(zh="填表人：", en="Filled in by:"),
    Text(zh="联系电话：", en="Phone:"),
    Text(zh="报出日期：", en="Date:"),
)
_NOTES = Text(zh="填报说明：", en="Notes: ")
_PAGES = Text(zh="第&P页 共&N页", en="Page &P of &N")

_OPEN = ("insert_rows", "format_cells", "format_columns", "format_rows", "sort", "autofilter")


def write_frame(sheet: Worksheet, layout: Layout, styles: Styles, occasion: Occasion) -> None:
    """Set up the page of a form and write everything but its body."""
    _page(sheet, layout, occasion.language)
    writer = _FrameWriter(sheet, layout, styles, occasion)
    writer.top()
    writer.headings()
    writer.foot()


def _page(sheet: Worksheet, layout: Layout, language: Language) -> None:
    sheet.set_default_row(_ROW_HEIGHT)
    for index, width in enumerate(column_widths(layout.columns)):
        sheet.set_column(index, index, width)
    sheet.set_landscape()
    sheet.set_paper(_A3 if layout.width > _WIDE else _A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 1 if len(layout.lines) <= _ON_ONE_PAGE else 0)
    sheet.repeat_rows(HEADING_ROW, layout.number_row)
    sheet.set_footer(f"&C&9{_PAGES.in_(language)}")
    sheet.freeze_panes(layout.body_row, 1)
    sheet.hide_gridlines(2)
    sheet.protect("", dict.fromkeys(_OPEN, True))


class _FrameWriter(FormWriter):
    """Writes the frame of one form."""

    def _span(self, row: int, columns: range, text: str, style: Format) -> None:
        if len(columns) > 1:
            self.sheet.merge_range(row, columns[0], row, columns[-1], text, style)
        else:
            self.sheet.write_string(row, columns[0], text, style)

    def top(self) -> None:
        layout, language = self.layout, self.language
        left, centre, right = layout.thirds
        self.sheet.set_row(TITLE_ROW, 36)
        title = self.form.title.in_(language)
        self._span(TITLE_ROW, layout.page, title, self.styles("title"))
        block = (
            _DOCUMENT_NO.in_(language).format(self.form.document_no),
            _ISSUED_BY.in_(language).format(self.scheme.issued_by.in_(language)),
        )
        for row, text in zip(BLOCK_ROWS, block, strict=True):
            self._span(row, layout.page[centre[0] :], text, self.styles("block"))
        unit = self.scheme.unit_label(layout.unit, language)
        county = self.occasion.county.name.in_(language)
        self.sheet.set_row(HEAD_ROW, 21)
        self._span(HEAD_ROW, left, _COUNTY.in_(language).format(county), self.styles("left"))
        self._span(HEAD_ROW, centre, self.occasion.period.label(language), self.styles("centre"))
        stated = _UNIT.in_(language).format(unit) if unit else ""
        self._span(HEAD_ROW, right, stated, self.styles("right"))

    def headings(self) -> None:
        layout, style = self.layout, self.styles("heading")
        bottom = layout.number_row - 1
        for row in range(HEADING_ROW, layout.number_row):
            self.sheet.set_row(row, 24 if row < bottom else 40)
        for column in layout.columns:
            text = self._heading(column)
            if column.group is None and layout.heading_depth > 1:
                self.sheet.merge_range(HEADING_ROW, column.index, bottom, column.index, text, style)
            else:
                self.sheet.write_string(bottom, column.index, text, style)
            number = self.styles("number")
            self.sheet.write_string(layout.number_row, column.index, column.number, number)
        for group, columns in _groups(layout.columns):
            self._span(HEADING_ROW, columns, group.in_(self.language), style)

    def _heading(self, column: Column) -> str:
        text = column.heading.in_(self.language)
        indicator = column.indicator
        if indicator is None or self.layout.unit is not None or indicator.unit is None:
            return text
        return f"{text}\n({self.scheme.unit_label(indicator.unit, self.language)})"

    def foot(self) -> None:
        layout, row = self.layout, self.layout.footer_row
        self.sheet.set_row(row, 24)
        width, parts = len(layout.page), len(_FOOTER)
        for index, part in enumerate(_FOOTER):
            columns = layout.page[width * index // parts : width * (index + 1) // parts]
            self._span(row, columns, part.in_(self.language), self.styles("footer"))
        for index, note in enumerate(self.form.notes, start=1):
            text = (_NOTES.in_(self.language) if index == 1 else "") + note.in_(self.language)
            fits = shown_width(text) <= sum(column_widths(layout.columns))
            self.sheet.set_row(row + index, _ROW_HEIGHT if fits else 2 * _ROW_HEIGHT)
            self._span(row + index, layout.page, text, self.styles("note"))


def _groups(columns: Sequence[Column]) -> list[tuple[Text, range]]:
    """The group headings with the columns they stand over, neighbours of one group joined."""
    found: list[tuple[Text, range]] = []
    for column in columns:
        if column.group is None:
            continue
        if found and found[-1][0] == column.group and found[-1][1].stop == column.index:
            found[-1] = (column.group, range(found[-1][1].start, column.index + 1))
        else:
            found.append((column.group, range(column.index, column.index + 1)))
    return found
