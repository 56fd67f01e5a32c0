"""Which declared statements a sheet breaks: the benchmark's own measure of what can be seen."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from schemas.models import Form, Indicator
from tests.bench_checks.sheets import Changes, Place, Sheet
from tests.bench_checks.statements import Span, Value, holds, names, value

Broken = frozenset[tuple[str, int]]
"""Statements by their text, each with its line (the number of lines: the written total)."""


class Stated(NamedTuple):
    """A statement of a form about a line; a limit is about the number as typed, so `exact`."""

    check: str
    when: str | None = None
    exact: bool = False

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it speaks of."""
        return frozenset((*names(self.check), *(names(self.when) if self.when else ())))


def broken(sheet: Sheet, near: Collection[Place] | None = None) -> Broken:
    """What a sheet breaks; only what speaks of the places `near`, if they are given."""
    columns = None if near is None else frozenset(name for name, _ in near)
    lines = None if near is None else frozenset(number for _, number in near)
    return frozenset(
        (*_lines(sheet, columns, lines), *_totals(sheet, columns), *_repeated(sheet, columns))
    )


def _lines(
    sheet: Sheet, columns: frozenset[str] | None, lines: Collection[int] | None
) -> Iterator[tuple[str, int]]:
    stated = _spoken(sheet.form, columns)
    for number in range(len(sheet.lines)) if lines is None else lines:
        if number == len(sheet.lines):
            continue
        known = sheet.lines[number].__getitem__
        for check, when, exact in stated:
            if holds(check, when, known, _none if exact else _Reach(sheet.form)) is False:
                yield check, number


@cache
def _spoken(form: Form, columns: frozenset[str] | None) -> Sequence[Stated]:
    """What a form declares of a line, as far as it speaks of some columns."""
    return [s for s in _declared(form) if columns is None or not columns.isdisjoint(s.columns)]


def _declared(form: Form) -> Iterator[Stated]:
    for indicator in form.indicators:
        if indicator.minimum is not None:
            yield Stated(f"{indicator.name} >= {indicator.minimum}", exact=True)
        if indicator.maximum is not None:
            yield Stated(f"{indicator.name} <= {indicator.maximum}", exact=True)
        if indicator.computed is not None:
            yield Stated(f"{indicator.name} = {indicator.computed}")
    for rule in form.rules:
        yield Stated(rule.check, rule.when)


def _none(_: str) -> Fraction:
    return Fraction(0)


class _Reach:
    """How far a stated number may lie from the true one: half a unit of its last decimal."""

    def __init__(self, form: Form, lines: int = 1) -> None:
        self._form, self._lines = form, lines

    def __call__(self, name: str) -> Fraction:
        return half_unit(self._form[name]) * self._lines


def half_unit(indicator: Indicator) -> Fraction:
    """Half a unit of the last decimal of a column; counts, words and dates are exact."""
    exact = indicator.kind != "decimal"
    return Fraction(0) if exact else Fraction(1, 2 * 10**indicator.decimals)


def _totals(sheet: Sheet, columns: frozenset[str] | None) -> Iterator[tuple[str, int]]:
    for name, total in sheet.totals.items():
        indicator = sheet.form[name]
        spoken = {name, *(names(indicator.computed) if indicator.computed else ())}
        if columns is not None and columns.isdisjoint(spoken):
            continue
        right = _total(sheet, indicator)
        room = half_unit(indicator)
        if right and not right.low - room <= Fraction(total) <= right.high + room:
            yield f"total of {name}", len(sheet.lines)


def _total(sheet: Sheet, indicator: Indicator) -> Span | None:
    """What the total of a column may be; None where a line lacks its number."""
    if indicator.aggregation == "ratio":
        assert indicator.computed is not None, indicator.name
        parts = {name: _sum(sheet, name) for name in names(indicator.computed)}
        reach = _Reach(sheet.form, len(sheet.lines))
        found = value(indicator.computed, parts.__getitem__, reach)
        return found if isinstance(found, Span) else None
    stated = [line[indicator.name] for line in sheet.lines]
    numbers = [Fraction(number) for number in stated if isinstance(number, Decimal)]
    if len(numbers) < len(stated):
        return None
    worked_out = {"max": max, "min": min}.get(indicator.aggregation, sum)(numbers)
    room = half_unit(indicator) * (len(numbers) if indicator.aggregation == "sum" else 1)
    return Span(worked_out - room, worked_out + room)


def _sum(sheet: Sheet, name: str) -> Value | None:
    numbers = [number for line in sheet.lines if isinstance(number := line[name], Decimal)]
    return sum(numbers, Decimal(0)) if len(numbers) == len(sheet.lines) else None


def mending(sheet: Sheet, one: tuple[str, int]) -> Callable[[Changes], bool]:
    """Whether corrections make one broken statement hold: a quick look before the whole one."""
    text, number = one
    if number == len(sheet.lines):
        return _mending_total(sheet, sheet.form[text.removeprefix("total of ")])
    stated = next(s for s in _declared(sheet.form) if s.check == text)
    line, reach = sheet.lines[number], _none if stated.exact else _Reach(sheet.form)

    def mends(changes: Changes) -> bool:
        here = {name: new for (name, at), new in changes.items() if at == number}
        if stated.columns.isdisjoint(here):
            return False
        then = {**line, **here}
        return holds(stated.check, stated.when, then.__getitem__, reach) is not False

    return mends


def _mending_total(sheet: Sheet, indicator: Indicator) -> Callable[[Changes], bool]:
    name, last = indicator.name, len(sheet.lines)
    right = _total(sheet, indicator)
    if indicator.aggregation != "sum" or right is None:
        return lambda changes: any(place[0] == name for place in changes)
    gap = Fraction(sheet.totals[name]) - (right.low + right.high) / 2
    room = (right.high - right.low) / 2 + half_unit(indicator)

    def mends(changes: Changes) -> bool:
        moved = Fraction(0)
        for (column, number), new in changes.items():
            stated = sheet[column, number]
            if column == name and isinstance(new, Decimal) and isinstance(stated, Decimal):
                moved += Fraction(new - stated) * (1 if number == last else -1)
        return abs(gap + moved) <= room

    return mends


def _repeated(sheet: Sheet, columns: frozenset[str] | None) -> Iterator[tuple[str, int]]:
    keys = [indicator.name for indicator in sheet.form.indicators if indicator.key]
    if not keys or (columns is not None and columns.isdisjoint(keys)):
        return
    stated = [tuple(line[name] for name in keys) for line in sheet.lines]
    often = Counter(stated)
    yield from (("key", n) for n, key in enumerate(stated) if often[key] > 1 and None not in key)
