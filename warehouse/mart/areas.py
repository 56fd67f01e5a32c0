"""Counts by area of each county, as a form asks for them, with small ones kept back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from sqlalchemy import ColumnElement, Connection, FromClause, Table, distinct, func, literal, select

from schemas.models import Areas, Form, Scheme
from schemas.text import Text
from warehouse.consolidation.contents import PublicationContents
from warehouse.form_tables import line_table
from warehouse.mart.editions import Row
from warehouse.mart.small_cells import Cell, kept_back, small_areas
from warehouse.tables import filings
from warehouse.terms import live_at
from warehouse.types import UtcDateTime

SMALL = ""
"""The area of what is shown together, as its areas are too small or not stated."""

ALL = ""
"""The attribute and the code of what is not told apart by any."""

_BLANK = Text(zh="未填", en="not stated")


@dataclass(frozen=True)
class AreaCount:
    """What there is of an area and a code: how many households it stands for, and the counts."""

    lines: int
    values: tuple[Decimal, ...]

    def __add__(self, other: "AreaCount") -> "AreaCount":
        pairs = zip(self.values, other.values, strict=True)
        return AreaCount(self.lines + other.lines, tuple(one + two for one, two in pairs))


Cells = Mapping[Cell, AreaCount]


def area_rows(connection: Connection, contents: PublicationContents) -> Iterator[Row]:
    """Every count by area of a publication, with no value where it is too small to be shown."""
    for table in contents.tables:
        if table.form.areas is not None:
            yield from _Form(connection, contents, table.form, table.form.areas).rows()


class _Form:
    def __init__(
        self, connection: Connection, contents: PublicationContents, form: Form, asked: Areas
    ) -> None:
        self._connection = connection
        self._contents = contents
        self._form = form
        self._asked = asked
        self._scheme: Scheme = contents.scheme

    def rows(self) -> Iterator[Row]:
        through = self._of(self._asked.through)
        across = {attribute: self._by_county(attribute) for attribute in self._asked.across}
        for county, whole in self._counted.items():
            elsewhere = frozenset[str]() if through is None else through.hidden(county)
            hidden = self.hidden(county, elsewhere)
            yield from self._shown(county, ALL, _together(whole, hidden))
            for attribute, cells in across.items():
                yield from self._shown(county, attribute, _together(cells[county], hidden))

    def hidden(self, county: str, elsewhere: frozenset[str] = frozenset()) -> frozenset[str]:
        """The areas of a county that are shown together."""
        lines = _lines_by_area(self._counted.get(county, {}))
        return small_areas(lines, self._asked.least, elsewhere)

    def _of(self, name: str | None) -> "_Form | None":
        """The counts of another form."""
        form = None if name is None else self._scheme.form(name)
        if form is None or form.areas is None:
            return None
        return _Form(self._connection, self._contents, form, form.areas)

    @cached_property
    def _counted(self) -> Mapping[str, Cells]:
        return self._by_county(None)

    def _shown(self, county: str, attribute: str, cells: Cells) -> Iterator[Row]:
        lines = {cell: counted.lines for cell, counted in cells.items()}
        least = self._asked.least
        if attribute == ALL:  # small areas are together already: it is all there is, or nothing
            small = frozenset(cell for cell in lines if 0 < lines[cell] < least)
        else:
            small = kept_back(lines, least)
        for (area, code), counted in cells.items():
            for name, value in zip(self._asked.counts, counted.values, strict=True):
                label = self._label(name, attribute, code)
                yield {
                    "form": self._form.name,
                    "county_code": county,
                    "area": area,
                    "attribute": attribute,
                    "code": code,
                    "measure": name,
                    "label_zh": label.zh,
                    "label_en": label.en,
                    "value": None if (area, code) in small else value,
                }

    def _label(self, name: str, attribute: str, code: str) -> Text:
        counts_lines = name == self._form.line.name
        label = self._form.line.label if counts_lines else self._form[name].label
        if attribute == ALL:
            return label
        codes = self._scheme.codes(self._form[attribute])
        known = codes[code].label if code else _BLANK
        return Text(zh=f"{known.zh} {label.zh}", en=f"{known.en} {label.en}")

    def _by_county(self, attribute: str | None) -> Mapping[str, dict[Cell, AreaCount]]:
        """The counts of every county by area and code."""
        lines = line_table(self._form)
        area, stood_for, source = self._source(lines)
        code = literal(ALL) if attribute is None else func.coalesce(lines.c[attribute], ALL)
        counts = [
            func.count(lines.c.line)
            if name == self._form.line.name
            else func.coalesce(func.sum(lines.c[name]), 0)
            for name in self._asked.counts
        ]
        keys = (filings.c.county_code, area, code)
        found: dict[str, dict[Cell, AreaCount]] = {}
        rows = self._connection.execute(
            select(*keys, stood_for, *counts)
            .select_from(source)
            .where(*self._live(self._form.name))
            .group_by(*keys)
            .order_by(*keys)
        )
        for county, named, of_code, number, *values in rows:
            cell = (named, of_code)
            found.setdefault(county, {})[cell] = AreaCount(number, tuple(map(Decimal, values)))
        return found

    def _source(self, lines: Table) -> tuple[ColumnElement[str], ColumnElement[int], FromClause]:
        """The area of a line, how many households lines stand for, and where they are."""
        asked, filed = self._asked, filings.join(lines, lines.c.filing_id == filings.c.id)
        if asked.through is None:
            return func.coalesce(lines.c[asked.by], SMALL), func.count(lines.c.line), filed
        assert asked.key is not None, self._form.name
        others = line_table(self._scheme.form(asked.through))
        accepted = (
            select(filings.c.county_code, others)
            .join(others, others.c.filing_id == filings.c.id)
            .where(*self._live(asked.through))
            .subquery("others")
        )
        same = (accepted.c.county_code == filings.c.county_code) & (
            accepted.c[asked.key] == lines.c[asked.key]
        )
        stood_for = func.count(distinct(lines.c[asked.key]))
        return (
            func.coalesce(accepted.c[asked.by], SMALL),
            stood_for,
            filed.outerjoin(accepted, same),
        )

    def _live(self, form: str) -> tuple[ColumnElement[bool], ...]:
        moment = literal(self._contents.as_of, UtcDateTime())
        period = filings.c.period == self._contents.period.id
        return (filings.c.form == form, period, live_at(moment))


def _lines_by_area(cells: Cells) -> Mapping[str, int]:
    return {area: counted.lines for (area, _), counted in cells.items()}


def _together(cells: Cells, hidden: frozenset[str]) -> Cells:
    """The cells with those of hidden areas added up, and empty ones where there is no line."""
    found: dict[Cell, AreaCount] = {}
    for (area, code), counted in cells.items():
        cell = (SMALL if area in hidden else area, code)
        found[cell] = found[cell] + counted if cell in found else counted
    if not found:
        return found
    none = AreaCount(0, (Decimal(0),) * len(next(iter(found.values())).values))
    areas, codes = ({cell[place] for cell in found} for place in (0, 1))
    return {(a, c): found.get((a, c), none) for a in sorted(areas) for c in sorted(codes)}
