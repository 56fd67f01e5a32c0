"""What the scheme says about counties, periods, forms and duties, as rows of the warehouse."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, insert, select, update

from schemas.models import Scheme
from warehouse import tables
from warehouse.mart import tables as mart
from warehouse.mart.contract import Row, calendar_rows, dictionary_rows, measure_rows
from warehouse.mart.view import View

_NOTHING_REFERS_TO = (tables.owed, mart.columns)


def dimension_rows(scheme: Scheme, views: Iterable[View]) -> Iterator[tuple[Table, list[Row]]]:
    """The rows of every dimension, in the order in which they can be written.

    `views` are the contract of the scheme.
    """
    yield tables.org_units, _org_units(scheme)
    yield tables.periods, _periods(scheme)
    yield tables.forms, _forms(scheme)
    yield tables.indicators, _indicators(scheme)
    yield tables.owed, _owed(scheme)
    yield mart.calendar, list(calendar_rows(scheme))
    yield mart.measures, list(measure_rows(scheme))
    yield mart.columns, list(dictionary_rows(views))


def _org_units(scheme: Scheme) -> list[Row]:
    return [
        {
            "code": unit.code,
            "ordinal": ordinal,
            "name_zh": unit.name.zh,
            "name_en": unit.name.en,
            "is_municipality": unit == scheme.municipality,
        }
        for ordinal, unit in enumerate((scheme.municipality, *scheme.counties))
    ]


def _periods(scheme: Scheme) -> list[Row]:
    return [
        {
            "id": entry.id,
            "starts": entry.period.start,
            "ends": entry.period.end,
            "opens": entry.opens,
            "due": entry.due,
            "closed": entry.closed,
        }
        for entry in scheme.periods
    ]


def _forms(scheme: Scheme) -> list[Row]:
    return [
        {
            "name": form.name,
            "code": form.code,
            "document_no": form.document_no,
            "title_zh": form.title.zh,
            "title_en": form.title.en,
        }
        for form in scheme.forms
    ]


def _indicators(scheme: Scheme) -> list[Row]:
    return [
        {
            "form": form.name,
            "name": indicator.name,
            "ordinal": ordinal,
            "label_zh": indicator.label.zh,
            "label_en": indicator.label.en,
            "kind": indicator.kind,
            "unit": indicator.unit,
            "decimals": indicator.decimals,
            "personal": indicator.personal,
        }
        for form in scheme.forms
        for ordinal, indicator in enumerate(form.indicators)
    ]


def _owed(scheme: Scheme) -> list[Row]:
    return [
        {"form": form.name, "period": entry.id, "county_code": county.code}
        for form in scheme.forms
        for entry in scheme.periods
        for county in scheme.owing(form, entry.period)
    ]


def differs(connection: Connection, table: Table, rows: list[Row]) -> bool:
    """Whether a dimension has to be written; rows the scheme no longer has may stay."""
    stored = _stored(connection, table)
    wanted = {_key(table, row): row for row in rows}
    gone = table in _NOTHING_REFERS_TO and stored.keys() - wanted.keys()
    return bool(gone) or any(stored.get(key) != row for key, row in wanted.items())


def write(connection: Connection, table: Table, rows: list[Row]) -> None:
    """Make a dimension say what the scheme says.

    What a form no longer asks of a county is taken out of `owed`, and what a view no longer has
    out of the dictionary. Everything else stays, as what was received refers to it.
    """
    stored = _stored(connection, table)
    wanted = {_key(table, row): row for row in rows}
    if table in _NOTHING_REFERS_TO:
        for key in stored.keys() - wanted.keys():
            connection.execute(delete(table).where(_is(table, stored[key])))
    if new := [row for key, row in wanted.items() if key not in stored]:
        connection.execute(insert(table), new)
    for key, row in wanted.items():
        if key in stored and stored[key] != row:
            connection.execute(update(table).where(_is(table, row)).values(row))


def _stored(connection: Connection, table: Table) -> dict[tuple[Any, ...], Row]:
    rows = connection.execute(select(table)).mappings()
    return {_key(table, dict(row)): dict(row) for row in rows}


def _key(table: Table, row: Row) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


def _is(table: Table, row: Row) -> Any:
    return and_(*(column == row[column.name] for column in table.primary_key))
