"""References: how a rule between forms names a figure of a county.

    training.trainees                          a published figure of a form, in the same period
    sum(pv.income where status = 'grid')       a sum over the lines of a form; also max(...)
    count(hh_register where want_move = 'yes') how many lines a form has
    previous(biogas.stock_now)                 the same figure in another period
    plan(plan_targets.biogas_target)           that of the year, or else of the period itself

The figures of a form that the municipality files are those of its lines about the county.

The name of a reference is its text in one spelling, so that equal references have equal names and
everything that works on the columns of a form works on references.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal, get_args

from schemas.period import Period

Shift = Literal["previous", "previous_in_year", "last_year", "last_year_end", "plan"]
"""上期, 本年上期, 上年同期, 上年末, 全年计划: which other period a figure is taken from."""

_KEPT = 8192  # names that are kept parsed

Function = Literal["sum", "max", "count"]

_SHIFTS: Mapping[str, Shift] = {name: name for name in get_args(Shift)}
_FUNCTIONS: Mapping[str, Function] = {name: name for name in get_args(Function)}


@dataclass(frozen=True)
class Reference:
    """A figure of a form, by the name of a measure or as an aggregation over lines.

    `figure` is a measure of the form where there is no `function`, else the column that is
    aggregated, None where lines are counted. `where` limits the lines.
    """

    form: str
    figure: str | None
    function: Function | None = None
    where: tuple[tuple[str, str | Decimal], ...] = ()
    shift: Shift | None = None

    @classmethod
    @lru_cache(maxsize=_KEPT)
    def parse(cls, name: str) -> "Reference":
        """The reference that a name of a statement stands for.

        Raises ValueError with the part that is wrong.
        """
        return _reference(ast.parse(name, mode="eval").body)

    def periods(self, period: Period) -> tuple[Period, ...]:
        """The periods that the figure may be taken from, the one to be preferred first.

        None where there is no such period, as before the first of a year.
        """
        match self.shift:
            case None:
                return (period,)
            case "previous":
                return (period.before(),)
            case "previous_in_year":
                return tuple(p for p in (period.before(),) if p.year == period.year)
            case "last_year":
                return (Period(period.year - 1, period.kind, period.ordinal),)
            case "last_year_end":
                return tuple(_ends_of(period.year - 1))
            case "plan":
                return tuple(dict.fromkeys((Period(period.year, "year"), period)))


def _ends_of(year: int) -> Iterator[Period]:
    yield Period(year, "year")
    yield Period(year, "half_year", 2)
    yield Period(year, "quarter", 4)
    yield Period(year, "month", 12)


def reference_name(tree: ast.expr) -> str:
    """The name of the reference that stands in a statement. Raises ValueError if it is none."""
    _reference(tree)
    return ast.unparse(tree)


def _reference(tree: ast.expr) -> Reference:
    match tree:
        case ast.Call(func=ast.Name(id=shift), args=[inner], keywords=[]) if shift in _SHIFTS:
            found = _figure(inner)
            return Reference(found.form, found.figure, found.function, found.where, _SHIFTS[shift])
    return _figure(tree)


def _figure(tree: ast.expr) -> Reference:
    match tree:
        case ast.Attribute(value=ast.Name(id=form), attr=figure):
            return Reference(form, figure)
        case ast.Call(func=ast.Name(id=function), args=[of, *conditions], keywords=[]):
            if function in _FUNCTIONS and len(conditions) <= 1:
                return _aggregation(_FUNCTIONS[function], of, conditions)
            if function in _SHIFTS:
                raise ValueError(f"{function}(…) takes one figure and stands around all of it")
            if function not in _FUNCTIONS:
                known = ", ".join((*_SHIFTS, *_FUNCTIONS))
                raise ValueError(f"no function {function!r}; the functions are: {known}")
    raise ValueError(
        f"not a figure: {ast.unparse(tree)!r}; write form.figure, or sum(form.column where …)"
    )


def _aggregation(function: Function, of: ast.expr, conditions: list[ast.expr]) -> Reference:
    where = tuple(found for tree in conditions for found in _conditions(tree))
    match of:
        case ast.Name(id=form) if function == "count":
            return Reference(form, None, function, where)
        case ast.Attribute(value=ast.Name(id=form), attr=column) if function != "count":
            return Reference(form, column, function, where)
    raise ValueError(f"{function}(…) takes a {'form' if function == 'count' else 'form.column'}")


def _conditions(tree: ast.expr) -> Iterator[tuple[str, str | Decimal]]:
    match tree:
        case ast.BoolOp(op=ast.And(), values=parts):
            for part in parts:
                yield from _conditions(part)
        case ast.Compare(
            left=ast.Name(id=column), ops=[ast.Eq()], comparators=[ast.Constant(value=str(code))]
        ):
            yield column, code
        case ast.Compare(
            left=ast.Name(id=column), ops=[ast.Eq()], comparators=[ast.Constant(value=int(number))]
        ):
            yield column, Decimal(number)
        case _:
            raise ValueError(
                f"lines are chosen by column = value, joined by and; not by {ast.unparse(tree)!r}"
            )
