"""What can be known of a fault: whether it can be seen, and whether it can be told what it is.

A fault can be seen when the faulty return breaks a declared statement that the clean one keeps: of
its lines, of its written totals, between forms; when a sum that is compared in time is three times
what it was, or a third, and ten units away from it, while six counties and more are comparable; or
when it says of at least
three sums exactly what was known of the period before.

What it is can be told when no other single correction puts everything right again: no other
number brought into another unit (amounts in 万元, shares), turned in its sign, exchanged with its
neighbour or with one slip of the keyboard undone, no total counted anew, and, where more than two
numbers are wrong, no other column in another unit or moved by one place, and no run of neighbours.
What a correction puts in must be a number as people type it, with no more decimals than its column
has. As the literature has it, slips are neither made of numbers of one digit nor make them.

What breaks nothing within its form shows in sums alone: that a whole column is in another unit can
be told of its sum; of anything else any cell may be the wrong one. What leaves a rule between forms
broken does not put everything right. But what such rules alone see is taken for a tie, also where
a single correction of all forms mends it: none is tried on the other forms. How that was told is
counted apart (`breaks_between_alone`).
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise

from schemas.findings import Mechanism
from tests.bench_checks.declared import Broken, broken, mending
from tests.bench_checks.faults import UNITS, Fault, plain
from tests.bench_checks.sheets import Changes, Place, Sheet
from tests.bench_checks.world import World

_UNLIKE, _MANY = 3, 10
_LEAST_SUMS = 3
_TYPED = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?")
_FACTORS = {
    "wan_yuan": tuple(Decimal(n) for n in ("10000", "1000", "0.001", "0.0001")),
    "percent": (Decimal(100), Decimal("0.01")),
}


def can_be_seen(fault: Fault, world: World) -> bool:
    """Whether the fault shows in anything that is declared."""
    if fault.again:
        return len(_sums(fault.clean, world)) >= _LEAST_SUMS
    return bool(
        _newly_broken(fault) or _newly_broken_between(fault, world) or _stands_out(fault, world)
    )


def breaks_between_alone(fault: Fault, world: World) -> bool:
    """Whether the fault breaks rules between forms, and nothing within its own."""
    return not _newly_broken(fault) and bool(_newly_broken_between(fault, world))


def _newly_broken_between(fault: Fault, world: World) -> frozenset[str]:
    return world.broken(fault.faulty) - world.broken(fault.clean)


def _newly_broken(fault: Fault) -> Broken:
    return broken(fault.faulty, fault.wrong) - broken(fault.clean, fault.wrong)


def _sums(sheet: Sheet, world: World) -> dict[str, Decimal]:
    """The sums other than 0 that are compared with what was known before."""
    found = {
        name: world.figure(name, sheet.county, sheet).value
        for name, before in world.series(sheet.form.name).items()
        if world.figure(before, sheet.county).value
    }
    return {name: value for name, value in found.items() if value}


def _stands_out(fault: Fault, world: World) -> bool:
    clean, faulty = _sums(fault.clean, world), _sums(fault.faulty, world)
    pairs = [
        sorted((faulty[name], value))
        for name, value in clean.items()
        if name in world.comparable(fault.clean.form.name) and faulty.get(name, 0) > 0
    ]
    return any(high >= low * _UNLIKE and high - low >= _MANY for low, high in pairs)


def can_be_told(fault: Fault, world: World) -> bool:
    """Whether nothing but the right correction puts everything right."""
    if fault.again or fault.mechanism is None:
        return True
    wrong = _newly_broken(fault)
    if not wrong:
        return fault.mechanism is Mechanism.UNIT and _is_whole(fault)
    if fault.mechanism is Mechanism.TYPING and not _is_slip(fault):
        return False
    right = {place: fault.clean[place] for place in fault.wrong}
    mends = mending(fault.faulty, min(wrong, key=lambda one: one[1]))
    return not any(
        mends(changes) and changes != right and _puts_right(fault, changes, world)
        for changes in _corrections(fault, wrong)
    )


def _is_whole(fault: Fault) -> bool:
    """Whether no number other than 0 of the columns with wrong ones is right."""
    columns = {name for name, _ in fault.wrong}
    return all(
        place in fault.wrong
        for place, value in fault.clean.numbers()
        if place[0] in columns and value
    )


def _is_slip(fault: Fault) -> bool:
    (place,) = fault.wrong
    return fault.clean[place] in set(slips(plain(_number(fault.faulty, place))))


def _number(sheet: Sheet, place: Place) -> Decimal:
    value = sheet[place]
    assert isinstance(value, Decimal), place
    return value


def _puts_right(fault: Fault, changes: Changes, world: World) -> bool:
    """Whether after a correction all holds that is near it, was broken, or is between forms."""
    near = {*changes, *fault.wrong}
    then = fault.faulty.changed(changes)
    inside = broken(then, near) <= broken(fault.clean, near)
    return inside and world.broken(then) <= world.broken(fault.clean)


def _corrections(fault: Fault, wrong: Broken) -> Iterator[Changes]:
    """Every single correction of a number near what is broken, or of more where more is wrong."""
    sheet = fault.faulty
    values = dict(_near(sheet, wrong))
    for place, value in values.items():
        if value:
            yield {place: -value}
            unit = sheet.form[place[0]].unit or ""
            yield from ({place: value * factor} for factor in _FACTORS.get(unit, ()))
    yield from _exchanged(sheet, values)
    if len(fault.wrong) > 2:
        yield from _moved(sheet, values)
        yield from _in_other_units(sheet, values)
    for place, value in values.items():
        decimals = sheet.form[place[0]].decimals
        for slip in slips(plain(value)):
            if slip == round(slip, decimals):
                yield {place: slip}
    yield from _counted_anew(sheet, values)


def _counted_anew(sheet: Sheet, values: Mapping[Place, Decimal]) -> Iterator[Changes]:
    """Totals that count a subtotal or a line twice, or leave a line out."""
    last = len(sheet.lines)
    for (name, number), total in values.items():
        parts = [part for line in sheet.lines if isinstance(part := line[name], Decimal)]
        gap = total - sum(parts, Decimal(0))
        if number == last and gap and (gap in (*parts, sum(parts, Decimal(0))) or -gap in parts):
            yield {(name, last): total - gap}


def _near(sheet: Sheet, wrong: Broken) -> Iterator[tuple[Place, Decimal]]:
    last = len(sheet.lines)
    lines = {number for _, number in wrong if number < last}
    columns = {text.removeprefix("total of ") for text, number in wrong if number == last}
    for place, value in sheet.numbers():
        if place[1] in lines if lines else place[0] in columns:
            yield place, value
    yield from (((name, last), value) for name, value in sheet.totals.items() if name in columns)


def _exchanged(sheet: Sheet, values: Mapping[Place, Decimal]) -> Iterator[Changes]:
    typed = [i for i in sheet.numeric if i.computed is None]
    for one, other in pairwise(typed):
        for number in {number for _, number in values}:
            first, second = values.get((one.name, number)), values.get((other.name, number))
            if one.unit != other.unit or first is None or second is None or first == second:
                continue
            yield {(one.name, number): second, (other.name, number): first}


def _in_other_units(sheet: Sheet, values: Mapping[Place, Decimal]) -> Iterator[Changes]:
    """Columns of amounts, with their totals, brought into another unit."""
    for name in dict.fromkeys(name for name, _ in values if sheet.form[name].unit == "wan_yuan"):
        places = [(name, n) for n in range(len(sheet.lines) + (name in sheet.totals))]
        numbers = {place: value for place in places if isinstance(value := sheet[place], Decimal)}
        decimals = sheet.form[name].decimals
        for factor in UNITS:
            own = {place: value / factor for place, value in numbers.items() if value}
            if all(value == round(value, decimals) for value in own.values()):
                yield own


def _moved(sheet: Sheet, values: Mapping[Place, Decimal]) -> Iterator[Changes]:
    """Columns one line off, and runs of neighbours one column off, to either side."""
    columns = dict.fromkeys(name for name, _ in values)
    runs = [[(name, n) for n in range(len(sheet.lines))] for name in columns]
    typed = [i.name for i in sheet.numeric if i.computed is None]
    for n in dict.fromkeys(number for _, number in values if number < len(sheet.lines)):
        ends = ((i, j) for i in range(len(typed) - 2) for j in range(i + 3, len(typed) + 1))
        runs += [[(name, n) for name in typed[i:j]] for i, j in ends]
    for run in runs:
        stated = [sheet[place] for place in run]
        if None not in stated and len(set(stated)) > 1:
            for moved in ([*stated[1:], stated[0]], [stated[-1], *stated[:-1]]):
                places = zip(run, moved, strict=True)
                yield {place: value for place, value in places if value != sheet[place]}


def slips(text: str) -> Iterator[Decimal]:
    """Every number that one slip makes of another: a digit other, more, less, two exchanged.

    A cell shows .216, which is 2.16 with its point too early, as 0.216.
    """
    if sum(map(str.isdigit, text)) < 2:
        return
    if text.startswith("0."):
        yield from slips(text[1:])
    found = set()
    for at in range(len(text) + 1):
        head, tail = text[:at], text[at:]
        found |= {head + digit + tail for digit in "0123456789"}
        if tail[:1].isdigit():
            found |= {head + digit + tail[1:] for digit in "0123456789"} | {head + tail[1:]}
        if len(tail) > 1 and "-" not in tail[:2]:  # with its point, too: 21.6 for 2.16
            found.add(head + tail[1] + tail[0] + tail[2:])
    for slip in found - {text}:
        if sum(map(str.isdigit, slip)) >= 2 and _TYPED.fullmatch(slip):
            yield Decimal(slip)
