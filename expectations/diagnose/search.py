"""Corrections tried one by one on everything that is declared of the values they touch.

The methods that solve equations know sums only. Here a statement is anything that holds or does
not, so that quotients, products and conditions say too which correction is the right one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expectations.diagnose.edit import Record, changed

Changes = Mapping[str, Decimal]


@dataclass(frozen=True)
class Test:
    """A statement about some values of a record.

    `holds` says whether it does, `gap` how far its left side is above its right one; None where
    that cannot be told. `equal` sides leave no choice for the value of one that is wrong.
    """

    id: str
    names: frozenset[str]
    equal: bool
    holds: Callable[[Record], bool | None]
    gap: Callable[[Record], Decimal | None]

    def solved_for(self, name: str, record: Record) -> Decimal | None:
        """The value that closes the gap if that grows evenly with it, the others being right."""
        value = record[name]
        if value is None or not self.equal:
            return None
        here = self.gap(record)
        there = self.gap(changed(record, {name: value + 1}))
        if here is None or there is None or here == there:
            return None
        return value - here / (there - here)


def failing(tests: Iterable[Test], record: Record) -> list[Test]:
    """The tests that fail."""
    return [test for test in tests if test.holds(record) is False]


def groups(tests: Sequence[Test], record: Record) -> Iterator[list[Test]]:
    """The failing tests, those together that hang together by the values they speak of."""
    failed = failing(tests, record)
    while failed:
        group, names = [failed[0]], set(failed[0].names)
        while more := [t for t in failed if t not in group and not names.isdisjoint(t.names)]:
            group += more
            names = names.union(*(test.names for test in more))
        failed = [test for test in failed if test not in group]
        yield group


def suspects(failed: Sequence[Test]) -> frozenset[str]:
    """The values of which one alone may be wrong: those in every test that fails."""
    return frozenset.intersection(*(test.names for test in failed))


def mending(
    candidates: Iterable[Changes], failed: Sequence[Test], tests: Sequence[Test], record: Record
) -> list[Changes]:
    """The corrections after which every failed test holds, and every other one that it touches."""
    found: list[Changes] = []
    for changes in candidates:
        if any(test.names.isdisjoint(changes) for test in failed):
            continue
        then = changed(record, changes)
        if all(test.holds(then) for test in failed) and not any(
            test.holds(then) is False and test not in failed and test.holds(record) is not False
            for test in tests
            if not test.names.isdisjoint(changes)
        ):
            found.append(changes)
    return found
