"""municipal-tables.xlsx: a sheet per form, laid out as a Chinese statistical table."""

from typing import Any

from schemas.consolidated.measures import Measure
from schemas.rules.formulas import rounded
from warehouse.consolidation.contents import ConsolidatedRow, ConsolidatedTable
from warehouse.consolidation.standings import Standing
from warehouse.publish.cover import draw_cover, sheet_name
from warehouse.publish.edition import Edition
from warehouse.publish.figures import (
    balanced,
    display_lines,
    display_width,
    excel_format,
    printed,
)
from warehouse.publish.headers import depth, spans
from warehouse.publish.paper import SMALLEST_SCALE, pages
from warehouse.publish.reconciliation import draw_reconciliation
from warehouse.publish.sheets import (
    A3,
    A4,
    CROSSED,
    LACKING,
    MUTED,
    TOTAL,
    Workbook,
    across,
    height,
)
from warehouse.publish.sources import Sources
from warehouse.publish.title_block import HEADER_ROW, draw_title_block

CROSS = "×"

_STUB_WIDTH = 14.0
_NARROWEST, _WIDEST = 8.0, 22.0
_MOST_ON_A4 = 11
_ACCENT = {"bold": True, "bg_color": TOTAL}  # of the municipality


def municipal_tables(edition: Edition) -> bytes:
    """The consolidated tables of a publication as an .xlsx."""
    book = Workbook(edition, edition.words("municipal_tables"))
    sources = Sources(edition)
    draw_cover(book)
    for table in edition.contents.tables:
        _Sheet(book, table, sources).draw()
    draw_reconciliation(book)
    sources.draw(book)
    return book.close()


def _number_format(measure: Measure) -> str:
    """Thousands separators for amounts; none for whole numbers not added up, such as a year."""
    whole = measure.aggregation == "county" and not measure.decimals
    return "0_ " if whole else excel_format(measure.decimals)


class _Sheet:
    """One consolidated table on one sheet."""

    def __init__(self, book: Workbook, table: ConsolidatedTable, sources: Sources) -> None:
        self.book, self.table, self.sources = book, table, sources
        self.edition, self.words = book.edition, book.edition.words
        self._formats: dict[tuple[str, bool], Any] = {}
        self.columns = 1 + len(table.measures)
        self.paths = [
            [label.in_(self.edition.language) for label in m.labels] for m in table.measures
        ]
        self.units = {measure.unit for measure in table.measures}
        self.widths = [self._width(index) for index in range(len(table.measures))]
        self.pages = pages(_STUB_WIDTH, self.widths, self.paths)
        paper = A4 if self.columns <= _MOST_ON_A4 else A3
        self.row_height = 19 if paper == A4 else 25
        self.sheet: Any = book.page(
            sheet_name(self.edition, table.form),
            paper=paper,
            tall=1,
        )

    def draw(self) -> None:
        """Draw everything."""
        self.sheet.set_column(0, 0, _STUB_WIDTH)
        for index, width in enumerate(self.widths):
            self.sheet.set_column(index + 1, index + 1, width)
        self._set_pages()
        draw_title_block(self.book, self.sheet, self.table, self.pages)
        body = self._header() + 1
        self.sheet.freeze_panes(body, 1)
        self.sheet.repeat_rows(0, body - 1)
        for offset, row in enumerate((*self.table.counties, self.table.municipality)):
            self._line(body + offset, row)
        self._foot(body + len(self.table.counties) + 1)

    def _set_pages(self) -> None:
        """What fits no single page is printed on several at a scale that can be read."""
        if len(self.pages) > 1:
            self.sheet.set_print_scale(SMALLEST_SCALE)
            self.sheet.repeat_columns(0)
            self.sheet.set_v_pagebreaks([page.start + 1 for page in self.pages[1:]])

    def _header(self) -> int:
        """Draw the header and the column numbers; gives the row of the numbers."""
        rows, heading = depth(self.paths), self.book.heading()
        numbers = HEADER_ROW + rows
        self._span(HEADER_ROW, 0, numbers - 1, 0, self.words("county"))
        for span in spans(self.paths):
            text = self._leaf(span.first_column) if span.leaf else span.text
            first, last = HEADER_ROW + span.first_row, HEADER_ROW + span.last_row
            self._span(first, span.first_column + 1, last, span.last_column + 1, text)
        for row, lines in enumerate(self._header_lines(), start=HEADER_ROW):
            self.sheet.set_row(row, height(lines))
        self.sheet.write_string(numbers, 0, self.words("stub"), heading)
        for index in range(len(self.paths)):
            self.sheet.write_number(numbers, index + 1, index + 1, heading)
        return numbers

    def _span(self, top: int, left: int, bottom: int, right: int, text: str) -> None:
        if (top, left) == (bottom, right):
            self.sheet.write_string(top, left, text, self.book.heading())
        else:
            self.sheet.merge_range(top, left, bottom, right, text, self.book.heading())

    def _leaf(self, index: int) -> str:
        """The innermost label of a column, with its unit where the units of the table differ."""
        label = balanced(self.paths[index][-1], self.widths[index] - 1)
        unit = self.edition.unit(self.table.measures[index].unit)
        return label if len(self.units) == 1 or not unit else f"{label}\n({unit})"

    def _header_lines(self) -> list[int]:
        """How many lines of text each row of the header must hold."""
        lines = [1] * depth(self.paths)
        leaves = []
        for span in spans(self.paths):
            if span.leaf:
                leaves.append(span)
            else:
                width = sum(self.widths[span.first_column : span.last_column + 1])
                needed = display_lines(span.text, width - 1)
                lines[span.first_row] = max(lines[span.first_row], needed)
        for span in leaves:
            needed = display_lines(
                self._leaf(span.first_column), self.widths[span.first_column] - 1
            )
            lines[-1] = max(lines[-1], needed - sum(lines[span.first_row : -1]))
        return lines

    def _width(self, index: int) -> float:
        """Wide enough for the figures, and for the label on a few lines."""
        measure = self.table.measures[index]
        rows = (*self.table.counties, self.table.municipality)
        figures = [
            printed(v, measure.decimals)
            for r in rows
            if (v := r.values.get(measure.name)) is not None
        ]
        label = display_width(self.paths[index][-1])
        third = label / (3 if label > 2 * _NARROWEST else 2)
        needed = max([*map(len, figures), third])
        return min(max(needed + 2.0, _NARROWEST), _WIDEST)

    def _line(self, row: int, line: ConsolidatedRow) -> None:
        municipal = line is self.table.municipality
        accent = _ACCENT if municipal else {}
        name = self.words("total") if municipal else self.edition.name(line.unit)
        stub = {"align": "center"} if municipal else {"align": "left", "indent": 1}
        self.sheet.write_string(row, 0, name, self.book.boxed(**accent, **stub))
        self.sheet.set_row(row, self.row_height)
        for index, measure in enumerate(self.table.measures):
            if not (municipal or line.reported):
                self._absent(row, index + 1, self.edition.standing(self.table, line))
            elif municipal and measure.of_counties_only:
                self._absent(row, index + 1, Standing.NOT_OWED)
            else:
                self._figure(row, index + 1, measure, line, self._right(measure, municipal))

    def _absent(self, row: int, column: int, standing: Standing) -> None:
        text = CROSS if standing is Standing.NOT_OWED else self.words(standing)
        fill = CROSSED if standing is Standing.NOT_OWED else LACKING
        style = self.book.boxed(align="center", font_color=MUTED, font_size=9, bg_color=fill)
        self.sheet.write_string(row, column, text, style)

    def _right(self, measure: Measure, municipal: bool) -> Any:
        """The format of the figures of a measure, kept, as a table has many figures of each."""
        key = measure.name, municipal
        if key not in self._formats:
            accent = _ACCENT if municipal else {}
            number = _number_format(measure)
            self._formats[key] = self.book.boxed(align="right", num_format=number, **accent)
        return self._formats[key]

    def _figure(
        self, row: int, column: int, measure: Measure, line: ConsolidatedRow, style: Any
    ) -> None:
        value = line.values.get(measure.name)
        if value is None:
            self.sheet.write_blank(row, column, None, style)
            return
        if (link := self.sources.link(self.table.form, measure, line.unit)) is not None:
            self.sheet.write_url(row, column, link, style)  # the number takes its place, with it
        self.sheet.write_number(row, column, float(rounded(value, measure.decimals)), style)

    def _foot(self, row: int) -> None:
        """Notes, legend and signature under the table."""
        small = self.book.style(font_size=9, text_wrap=True)
        first = 1 if len(self.pages) > 1 else 0  # the stub is on every page, the notes on one
        columns = self.pages[0].stop + 1 - first
        width = sum([_STUB_WIDTH, *self.widths[: self.pages[0].stop]][first:])
        notes = self._notes()
        if len(notes) > 1:
            notes = [f"{number}. {note}" for number, note in enumerate(notes, start=1)]
        lines = [self.words("notes", note=notes[0]), *(f"　　　{note}" for note in notes[1:])]
        for text in (*lines, *self._legend()):
            across(self.sheet, row, columns, text, small, first=first)
            self.sheet.set_row(row, height(display_lines(text, width * 1.05)) - 2)
            row += 1
        muted = self.book.style(font_size=9, font_color=MUTED, align="right")
        across(self.sheet, row, columns, self.edition.signature, muted, first=first)
        self.sheet.print_area(0, 0, row, self.columns - 1)

    def _notes(self) -> list[str]:
        notes = [self.edition.completeness_note(self.table)]
        for kind in ("ratio", "share", "distinct", "max", "min", "county", "rank"):
            measures = [m for m in self.table.measures if m.aggregation == kind]
            names = dict.fromkeys(m.labels[-1].in_(self.edition.language) for m in measures)
            if names:
                notes.append(self.words(f"{kind}_note", names=self.words.listed(list(names))))
        return notes + [note.in_(self.edition.language) for note in self.table.form.notes]

    def _legend(self) -> list[str]:
        """What the marks in the table mean, of those that occur in it."""
        standings = {self.edition.standing(self.table, row) for row in self.table.counties}
        entries = [
            self.words(f"legend_{standing}")
            for standing in (Standing.MISSING, Standing.REFUSED)
            if standing in standings
        ]
        uncounted = any(measure.of_counties_only for measure in self.table.measures)
        if Standing.NOT_OWED in standings or uncounted:
            entries.append(self.words("legend_cross"))
        entries.append(self.words("legend_blank"))
        return [self.words("legend", entries=self.words("semicolon").join(entries))]
