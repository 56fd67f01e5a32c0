"""The sheet of sources: from which file, version and cells each figure of the tables is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
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
_HEADING_ROW = 3
_DIGEST_SHOWN = 12


@dataclass(frozen=True)
class _Source:
    """What a county's figure is made of: a measure, from some columns of a filing."""

    form: Form
    measure: Measure
    columns: tuple[str, ...]
    unit: OrgUnit
    value: Decimal | None
    filing: LiveFiling


class Sources:
    """Where each figure of a publication comes from, and on which row of the sheet it says so."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition

    @cached_property
    def _all(self) -> tuple[_Source, ...]:
        return tuple(
            source
            for table in self._edition.contents.tables
            for measure in table.measures
            for source in self._of(table, measure)
        )

    def _of(self, table: ConsolidatedTable, measure: Measure) -> Sequence[_Source]:
        contents = self._edition.contents
        columns = columns_of(contents.scheme, table.form, measure)
        found = []
        for row in table.counties:
            filer = contents.scheme.filer(table.form, row.unit).code
            filing = contents.live_filings.get((table.form.name, filer))
            if row.reported and filing is not None:
                value = row.values[measure.name]
                found.append(_Source(table.form, measure, columns, row.unit, value, filing))
        return found

    @cached_property
    def _rows(self) -> Mapping[tuple[str, str, str], int]:
        """The rows by form, measure and unit; of the municipality where its counties begin."""
        city = self._edition.contents.scheme.municipality.code
        rows: dict[tuple[str, str, str], int] = {}
        for row, source in enumerate(self._all, start=_HEADING_ROW + 1):
            of_figure = source.form.name, source.measure.name
            rows[(*of_figure, source.unit.code)] = row
            rows.setdefault((*of_figure, city), row)
        return rows

    def link(self, form: Form, measure: Measure, unit: OrgUnit) -> str | None:
        """What leads to the row of a figure; None where nothing was reported."""
        row = self._rows.get((form.name, measure.name, unit.code))
        sheet = self._edition.words("sources")
        return None if row is None else f"internal:'{sheet}'!A{row + 1}"

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
        for row, source in enumerate(self._all, start=_HEADING_ROW + 1):
            _line(book, sheet, row, source)
        last = _HEADING_ROW + max(1, len(self._all))
        sheet.autofilter(_HEADING_ROW, 0, last, len(_COLUMNS) - 1)
        sheet.freeze_panes(_HEADING_ROW + 1, 0)
        sheet.repeat_rows(_HEADING_ROW)


def _line(book: Workbook, sheet: Any, row: int, source: _Source) -> None:
    told = _told(book.edition, source)
    text = book.boxed(text_wrap=True)
    for column, (name, words) in enumerate(told.items()):
        sheet.write_string(row, column, words, text)
        if name == "observed" and source.value is not None:
            decimals = source.measure.decimals
            style = book.boxed(align="right", num_format=excel_format(decimals))
            sheet.write_number(row, column, float(rounded(source.value, decimals)), style)
    lines = max(display_lines(words, _COLUMNS[name] - 1) for name, words in told.items())
    sheet.set_row(row, height(lines))


def _told(edition: Edition, source: _Source) -> dict[str, str]:
    filing, measure = source.filing, source.measure
    return {
        "form": edition.form_title(source.form),
        "measure": edition.measure_title(measure),
        "county": edition.name(source.unit),
        "observed": "",
        "unit": edition.unit(measure.unit),
        "file": filing.file_name,
        "version": str(filing.version),
        "sheet": filing.places.sheet,
        "cells": edition.words.listed(filter(None, map(filing.cells, source.columns)))
        if filing.lines
        else edition.words("no_lines"),
        "condition": edition.words.listed(_conditions(edition, source)),
        "digest": filing.sha256[:_DIGEST_SHOWN],
    }


def _conditions(edition: Edition, source: _Source) -> list[str]:
    """Which lines are taken: those of the county, and those of the measure."""
    form, where = source.form, [*source.measure.where, *(source.measure.share or ())]
    if form.county_column is not None:
        where.insert(0, (form.county_column, source.unit.code))
    return [
        f"{form[name].label.in_(edition.language)}={_word(edition, form, name, value)}"
        for name, value in where
    ]


def _word(edition: Edition, form: Form, name: str, value: str | Decimal) -> str:
    if form[name].code_list is None:
        return str(value)
    codes = edition.contents.scheme.codes(form[name]).codes
    return next(code.label.in_(edition.language) for code in codes if code.code == value)
