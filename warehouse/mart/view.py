"""A view of the contract: its columns with what they mean, and the statements that make it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Dialect,
    FromClause,
    Integer,
    Numeric,
    literal,
    select,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from schemas.text import Text

SCHEMA = "mart"
"""The schema of the contract; on SQLite, which has none, its names begin so."""

NO_UNIT = Text(zh="", en="")

_WORDS = Path(__file__).with_name("words.yaml")


@cache
def _words() -> dict[str, dict[str, Text]]:
    entries = yaml.load(_WORDS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {
        kind: {name: Text.model_validate(words) for name, words in of_kind.items()}
        for kind, of_kind in entries.items()
    }


@dataclass(frozen=True)
class Column:
    """A column of a view. A name means the same in every view: its words are in words.yaml,
    unless it is a figure of a form.
    """

    name: str
    expression: ColumnElement[Any]
    said: Text | None = None
    unit: Text = NO_UNIT

    @property
    def meaning(self) -> Text:
        """What it says, in both languages."""
        return self.said or _words()["columns"][self.name]

    @property
    def type(self) -> str:
        """What it holds, in the words of the dictionary."""
        return _type_name(self.expression.type)


def alike(source: FromClause, *names: str) -> Iterator[Column]:
    """Columns that are called in a view as they are in what it is made of."""
    return (Column(name, source.c[name]) for name in names)


@dataclass(frozen=True)
class View:
    """A published view: what it selects, and of what there is one row."""

    name: str
    columns: tuple[Column, ...]
    source: FromClause
    where: tuple[ColumnElement[bool], ...] = ()
    said: Text | None = None

    @property
    def about(self) -> Text:
        """Of what there is one row, in both languages."""
        return self.said or _words()["views"][self.name]

    def query(self, dialect: Dialect) -> str:
        """What selects its rows."""
        return str(
            select(*(column.expression.label(column.name) for column in self.columns))
            .select_from(self.source)
            .where(*self.where)
            .compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        )

    def statements(self, dialect: Dialect) -> tuple[str, ...]:
        """What makes it on a database, with comments where there can be any."""
        name = qualified(self.name, dialect)
        comments = self._comments(name, dialect) if dialect.name == "postgresql" else ()
        return (f"CREATE VIEW {name} AS {self.query(dialect)}", *comments)

    def _comments(self, name: str, dialect: Dialect) -> Iterator[str]:
        yield f"COMMENT ON VIEW {name} IS {_quoted(self.about, NO_UNIT, dialect)}"
        for column in self.columns:
            words = _quoted(column.meaning, column.unit, dialect)
            quoted = dialect.identifier_preparer.quote(column.name)
            yield f"COMMENT ON COLUMN {name}.{quoted} IS {words}"


def qualified(name: str, dialect: Dialect) -> str:
    """The name by which a database knows a view of the contract."""
    return f"{SCHEMA}.{name}" if dialect.name == "postgresql" else f"{SCHEMA}_{name}"


def make(connection: Connection, name: str, statements: tuple[str, ...]) -> None:
    """Make a view by its qualified name, in place of an earlier one."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")
    for statement in statements:
        connection.exec_driver_sql(statement)


def _quoted(words: Text, unit: Text, dialect: Dialect) -> str:
    # As the driver wants it in a statement: with quotes and per cent signs doubled.
    told = " ".join(filter(None, (words.zh, words.en, unit.zh)))
    return str(literal(told).compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def _type_name(type_: TypeEngine[Any]) -> str:
    if isinstance(type_, TypeDecorator):
        type_ = type_.impl_instance
    for known, name in (
        (Boolean, "boolean"),
        (Integer, "integer"),
        (Numeric, "decimal"),
        (DateTime, "timestamp"),
        (Date, "date"),
    ):
        if isinstance(type_, known):
            return name
    return "text"
