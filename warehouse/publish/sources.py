"""The sheet of sources: from which file, version and cells each figure of the tables is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import count
from typing import Any

from schemas.consolidated.measures import Measure
from schemas.models import Form, OrgUnit
from schemas.rules.formulas import rounded
from warehouse.consolidation.contents import ConsolidatedTable
from warehouse.lines.live_filings import LiveFiling
from warehouse.publish.edition import Edition
from warehouse.publish.figures import display_lines, excel_format
from warehouse.publish.sheets import A3, MUTED, Workbook, across, height
from warehouse.tracing.trace import columns_of

_COLUMNS: dict[str, float] = {
    "form": 26,
    "measure": 34,
    "county": 10,
    "observed": 14,
    "unit": 8,
    "file": 34,
    "version": 7,
    "sheet": 18,
    "cells": 24,
    "condition": 24,
    "digest": 16,
}
_OBSERVED = [*_COLUMNS].index("observed")
_HEADING_ROW = 3
_DIGEST_SHOWN = 12


@dataclass(frozen=True)
class _Figure:
    """A column of the tables: a measure, and the columns of a filing that it is made of."""

    form: Form
    measure: Measure
    columns: tuple[str, ...]


@dataclass(frozen=True)
class _Source:
    """A county's figure and the filing that it is made of."""

    unit: OrgUnit
    value: Decimal | None
    filing: LiveFiling


class Sources:
    """Where each figure of a publication comes from, and on which row of the sheet it says so."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition

    @cached_property
    def _all(self) -> tuple[tuple[_Figure, Sequence[_Source]], ...]:
        scheme = self._edition.contents.scheme
        return tuple(
            (
                _Figure(table.form, measure, columns_of(scheme, table.form, measure)),
                self._of(table, measure),
            )
            for table in self._edition.contents.tables
            for measure in table.measures
        )

    def _of(self, table: ConsolidatedTable, measure: Measure) -> Sequence[_Source]:
        contents = self._edition.contents
        found = []
        for row in table.counties:
            filer = contents.scheme.filer(table.form, row.unit).code
            filing = contents.live_filings.get((table.form.name, filer))
            if row.reported and filing is not None:
                found.append(_Source(row.unit, row.values[measure.name], filing))
        return found

    @cached_property
    def _rows(self) -> Mapping[tuple[str, str, str], int]:
        """The rows by form, measure and unit; of the municipality where its counties begin."""
        city = self._edition.contents.scheme.municipality.code
        rows: dict[tuple[str, str, str], int] = {}
        numbers = count(_HEADING_ROW + 1)
        for figure, sources in self._all:
            of_figure = figure.form.name, figure.measure.name
            for source, row in zip(sources, numbers, strict=False):
                rows[(*of_figure, source.unit.code)] = row
                rows.setdefault((*of_figure, city), row)
        return rows

    def link(self, form: Form, measure: Measure, unit: OrgUnit) -> str | None:
        """What leads to the row of a figure; None where nothing was reported."""
        row = self._rows.get((form.name, measure.name, unit.code))
        return None if row is None else f"{self._column}{row + 1}"

    @cached_property
    def _column(self) -> str:
        return f"internal:'{self._edition.words('sources')}'!A"

    def draw(self, book: Workbook) -> None:
        """Add the sheet."""
        edition, words = book.edition, book.edition.words
        sheet = book.page(words("sources"), paper=A3)
        title = f"{edition.period}　{words('sources')}"
        across(sheet, 0, len(_COLUMNS), title, book.style(bold=True, font_size=18, align="center"))
        sheet.set_row(0, 34)
        across(
            sheet, 1, len(_COLUMNS), edition.signature, book.style(font_size=9, font_color=MUTED)
        )
        across(sheet, 2, len(_COLUMNS), words("sources_help"), book.style(text_wrap=True))
        sheet.set_row(2, height(2))
        book.headings(sheet, _HEADING_ROW, _COLUMNS)
        lines = _Lines(book, sheet, _HEADING_ROW + 1)
        for figure, sources in self._all:
            lines.draw(figure, sources)
        last = max(_HEADING_ROW + 1, lines.row - 1)
        sheet.autofilter(_HEADING_ROW, 0, last, len(_COLUMNS) - 1)
        sheet.freeze_panes(_HEADING_ROW + 1, 0)
        sheet.repeat_rows(_HEADING_ROW)


class _Lines:
    """The lines of the sheet, in which words are said over and over: each is looked up once."""

    def __init__(self, book: Workbook, sheet: Any, row: int) -> None:
        self.row = row
        self._edition, self._book, self._sheet = book.edition, book, sheet
        self._text = book.boxed(text_wrap=True)
        self._cells: dict[tuple[int, tuple[str, ...]], str] = {}

    def draw(self, figure: _Figure, sources: Sequence[_Source]) -> None:
        """Add the lines of a figure of all counties."""
        form, measure, edition = figure.form, figure.measure, self._edition
        of_figure = {
            "form": edition.form_title(form),
            "measure": edition.measure_title(measure),
            "unit": edition.unit(measure.unit),
        }
        decimals = measure.decimals
        number = self._book.boxed(align="right", num_format=excel_format(decimals))
        for source in sources:
            told = of_figure | self._told(figure, source)
            for column, name in enumerate(_COLUMNS):
                self._sheet.write_string(self.row, column, told[name], self._text)
            if source.value is not None:
                value = float(rounded(source.value, decimals))
                self._sheet.write_number(self.row, _OBSERVED, value, number)
            lines = max(display_lines(told[name], width - 1) for name, width in _COLUMNS.items())
            self._sheet.set_row(self.row, height(lines))
            self.row += 1

    def _told(self, figure: _Figure, source: _Source) -> dict[str, str]:
        filing, edition = source.filing, self._edition
        return {
            "county": edition.name(source.unit),
            "observed": "",
            "file": filing.file_name,
            "version": str(filing.version),
            "sheet": filing.places.sheet,
            "cells": self._cells_of(filing, figure.columns),
            "condition": edition.words.listed(_conditions(edition, figure, source.unit)),
            "digest": filing.sha256[:_DIGEST_SHOWN],
        }

    def _cells_of(self, filing: LiveFiling, columns: tuple[str, ...]) -> str:
        key = id(filing), columns
        if key not in self._cells:
            words = self._edition.words
            cells = words.listed(filter(None, map(filing.cells, columns)))
            self._cells[key] = cells if filing.lines else words("no_lines")
        return self._cells[key]


def _conditions(edition: Edition, figure: _Figure, county: OrgUnit) -> list[str]:
    """Which lines are taken: those of the county, and those of the measure."""
    form, where = figure.form, [*figure.measure.where, *(figure.measure.share or ())]
    if form.county_column is not None:
        where.insert(0, (form.county_column, county.code))
    return [
        f"{form[name].label.in_(edition.language)}={_word(edition, form, name, value)}"
        for name, value in where
    ]


def _word(edition: Edition, form: Form, name: str, value: str | Decimal) -> str:
    if form[name].code_list is None:
        return str(value)
    codes = edition.contents.scheme.codes(form[name]).codes
    return next(code.label.in_(edition.language) for code in codes if code.code == value)
