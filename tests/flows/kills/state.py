"""All that a site has come to, in a form in which two sites can be compared.

Two runs over the same returns differ in what is left aside here, and in nothing else:

- when something happened: every column of moments, the name of a notice (`about`), which is the
  moment of its night, the day on which a return came and how late that was, as midnight may lie
  between two runs, and the minute printed on what is published;
- the numbers that rows are given as they are written, since counties are accepted side by side:
  every whole-number `id`, and `judgements.causes`, a list of them; where a column refers to one,
  the row with that number stands instead;
- the digests of published files (`publications.files`), as those files carry the moment: they are
  held against the files on disk, and these against the files of the other site.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from sqlalchemy import Column, Connection, Integer, Table, inspect, select

from flows.house import look_into
from schemas.models import Scheme
from warehouse.engine import PERSONAL, reading
from warehouse.form_tables import form_tables
from warehouse.mart.tables import returns
from warehouse.tables import judgements, metadata, notices, publications
from warehouse.types import UtcDateTime

_LEFT_ASIDE = (
    notices.c.about,
    publications.c.files,
    judgements.c.causes,
    returns.c.received,
    returns.c.days_late,
)
_NOT_OURS = {"alembic_version"}
_MOMENT = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?")

Row = tuple[object, ...]


@dataclass(frozen=True)
class State:
    """How often each row stands in each table, and every published file with its digest."""

    tables: Mapping[str, Counter[Row]]
    files: Mapping[str, str]

    def differences(self, other: "State") -> list[str]:
        """What stands in one and not in the other, a line each; none where they are the same."""
        told = []
        for name in sorted({*self.tables, *other.tables}):
            ours, theirs = self.tables.get(name, Counter()), other.tables.get(name, Counter())
            told += [f"{name}: only here: {row}" for row in (ours - theirs).elements()]
            told += [f"{name}: only there: {row}" for row in (theirs - ours).elements()]
        paths = {path for path, _ in self.files.items() ^ other.files.items()}
        return told + [f"published/{path} differs" for path in sorted(paths)]


def state_of(site: Path) -> State:
    """What stands in the warehouse and in the publication folder of a site.

    Raises AssertionError where a table is not known here, and where a published file is not the
    one that was recorded.
    """
    with look_into(str(site)) as house, reading(house.engine) as connection:
        tables = _tables(connection, house.scheme)
        rows = {table.name: Counter(_rows(connection, table)) for table in tables}
        for made in connection.execute(select(publications)):
            folder = house.site.published / made.period / made.folder
            on_disk = {path: sha256(content).hexdigest() for path, content in _files(folder)}
            assert on_disk == made.files, f"{folder} is not what was recorded"
        root = house.site.published
    files = {path: _without_moments(path, content) for path, content in _files(root)}
    links = {str(link.relative_to(root)): link.readlink().name for link in root.glob("*/latest")}
    return State(rows, files | links)


def _tables(connection: Connection, scheme: Scheme) -> list[Table]:
    """Every table there is."""
    known = [*metadata.sorted_tables, *chain.from_iterable(map(form_tables, scheme.forms))]
    inspector = inspect(connection)
    there = set(inspector.get_table_names()) - _NOT_OURS
    if connection.dialect.name == "postgresql":
        there.update(inspector.get_table_names(PERSONAL))
    assert there == {table.name for table in known}
    return known


def _rows(connection: Connection, table: Table) -> Iterator[Row]:
    compared = [column for column in table.columns if not _is_aside(column)]
    meant = {column.name: _meant(connection, column) for column in compared}
    for row in connection.execute(select(table).order_by(*table.primary_key)).mappings():
        plain = {column.name: _plain(row[column.name]) for column in compared}
        yield tuple(meant[name].get(value, value) for name, value in plain.items())


def _is_number(column: Column[Any]) -> bool:
    return column.name == "id" and isinstance(column.type, Integer)


def _is_aside(column: Column[Any]) -> bool:
    return (
        _is_number(column)
        or isinstance(column.type, UtcDateTime)
        or any(column is each for each in _LEFT_ASIDE)
    )


def _meant(connection: Connection, column: Column[Any]) -> Mapping[object, Row]:
    """For a column that refers to rows by their numbers: what these rows say."""
    while column.foreign_keys:
        column = next(iter(column.foreign_keys)).column
    if not _is_number(column):
        return {}
    numbers = connection.scalars(select(column).order_by(column))
    return dict(zip(numbers, _rows(connection, column.table), strict=True))


def _plain(value: object) -> object:
    match value:
        case bytes():
            return sha256(value).hexdigest()
        case dict() | list():
            return json.dumps(value, sort_keys=True, ensure_ascii=False)
    return value


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files below a folder, and not what links lead to."""
    for path in sorted(folder.rglob("*")):  # which does not go through links
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _without_moments(path: str, content: bytes) -> str:
    """The digest of a file but for the moments in it; a workbook is taken part by part."""
    if path.endswith(".xlsx"):
        with ZipFile(BytesIO(content)) as book:
            content = b"".join(name.encode() + book.read(name) for name in book.namelist())
    return sha256(_MOMENT.sub(b"", content)).hexdigest()
