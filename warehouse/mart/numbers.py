"""What is kept, as readers see it: on each database as plain as it can."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Numeric, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from warehouse.types import ExactDecimal

DIGITS = 24
"""Digits of a shown decimal, before and after the point together."""


class Plain(FunctionElement[Any]):
    """An exact decimal as a plain number: whole, or with so many decimals.

    With `decimals` None it has as many as it needs. SQLite has no exact decimals; there it is REAL.
    """

    inherit_cache = False

    def __init__(self, amount: ColumnElement[Any], decimals: int | None = None) -> None:
        super().__init__(amount)
        assert isinstance(amount.type, ExactDecimal), amount
        self.scale = amount.type.scale
        self.decimals = decimals
        self.type: TypeEngine[Any] = BigInteger() if decimals == 0 else Numeric(DIGITS, decimals)


@compiles(Plain)
def _exact(element: Plain, compiler: SQLCompiler, **kw: Any) -> str:
    (amount,) = (compiler.process(clause, **kw) for clause in element.clauses)
    if element.decimals is None:
        return f"trim_scale({amount})"
    kind = "BIGINT" if element.decimals == 0 else f"NUMERIC({DIGITS}, {element.decimals})"
    return f"CAST({amount} AS {kind})"


@compiles(Plain, "sqlite")
def _real(element: Plain, compiler: SQLCompiler, **kw: Any) -> str:
    (amount,) = (compiler.process(clause, **kw) for clause in element.clauses)
    if element.decimals == 0:
        return f"(({amount}) / {10**element.scale})"
    return f"(({amount}) / 1e{element.scale})"


class Entry(FunctionElement[str]):
    """The text that a JSON object has under a name, which is that of a column of letters."""

    type = String()
    inherit_cache = False


@compiles(Entry)
def _arrow(element: Entry, compiler: SQLCompiler, **kw: Any) -> str:
    kept, name = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({kept} ->> {name})"
