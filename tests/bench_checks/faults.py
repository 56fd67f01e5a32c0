"""Twenty ways in which a right return becomes a wrong one, put into clean sheets at random."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from random import Random

from schemas.findings import Mechanism
from schemas.models import Indicator
from tests.bench_checks.sheets import Changes, Place, Sheet

UNITS = (Decimal(10_000), Decimal(10), Decimal("0.0001"))
"""How many times as large an amount in 万元 is when it is written in 元, 千元 and 亿元."""

_MOST_TRIES = 3000


@dataclass(frozen=True)
class Fault:
    """A sheet that was clean, the cells that were changed, and what a diagnosis should say.

    `wrong` are the cells that a diagnosis should name; `again` marks a return that was sent before.
    """

    name: str
    mechanism: Mechanism | None
    clean: Sheet
    faulty: Sheet
    wrong: tuple[Place, ...]
    again: bool = False


Spoil = Callable[[Sheet, Random], Changes | None]
"""What a fault changes in a sheet; None where it cannot be put into it."""


def unit_sheet(sheet: Sheet, random: Random) -> Changes | None:
    """The whole sheet in 元, 千元 or 亿元 instead of 万元."""
    return _times(sheet, [i.name for i in _money(sheet)], random.choice(UNITS))


def unit_column(sheet: Sheet, random: Random) -> Changes | None:
    """One column, with its total, in 元, 千元 or 亿元 instead of 万元."""
    money = _money(sheet)
    if len(money) < 2 or len(sheet.lines) < 2:
        return None
    return _times(sheet, [random.choice(money).name], random.choice(UNITS))


def unit_cell(sheet: Sheet, random: Random) -> Changes | None:
    """One amount in 元 or 亿元 instead of 万元; one in 千元 looks like a zero too many."""
    factor = random.choice((UNITS[0], UNITS[-1]))
    return _fitting(sheet, _one(sheet, random, lambda value: value * factor, _money(sheet)))


def unit_thousand(sheet: Sheet, random: Random) -> Changes | None:
    """One amount a thousand times too large, as from a figure in 千."""
    return _one(sheet, random, lambda value: value * 1000, _money(sheet))


def percent_fraction(sheet: Sheet, random: Random) -> Changes | None:
    """A percentage written as a fraction: 0.8 for 80."""
    shares = [i for i in sheet.numeric if i.unit == "percent"]
    return _one(sheet, random, lambda value: value / 100, shares)


def sign(sheet: Sheet, random: Random) -> Changes | None:
    """A minus sign where none belongs, or none where one does."""
    return _one(sheet, random, lambda value: -value, sheet.numeric)


def swap(sheet: Sheet, random: Random) -> Changes | None:
    """Two neighbouring values of one unit exchanged."""
    pairs = [
        ((one.name, n), (other.name, n))
        for n, line in enumerate(sheet.lines)
        for one, other in pairwise(sheet.numeric)
        if one.unit == other.unit and one.computed is None and other.computed is None
        if line[one.name] is not None and line[other.name] is not None
    ]
    if not pairs:
        return None
    one, other = random.choice(pairs)
    return {one: sheet[other], other: sheet[one]}


def row_shift(sheet: Sheet, random: Random) -> Changes | None:
    """A column that was filled in one line too low, the last value on top."""
    if not 3 <= len(sheet.lines) <= 30:
        return None
    name = random.choice(_typed(sheet)).name
    values = [line[name] for line in sheet.lines]
    if len(set(values)) < 3:
        return None
    return {(name, n): values[n - 1] for n in range(len(values))}


def column_shift(sheet: Sheet, random: Random) -> Changes | None:
    """The amounts of a line filled in one column too far right, the last one in the first."""
    names = [i.name for i in _typed(sheet)]
    if len(names) < 3 or not sheet.lines:
        return None
    first = random.randrange(len(names) - 2)
    chosen, n = names[first : first + 3], random.randrange(len(sheet.lines))
    values = [sheet[name, n] for name in chosen]
    kinds = {sheet.form[name].kind for name in chosen}
    if len(kinds) > 1 or None in values or len(set(values)) < 3:
        return None
    return {(name, n): values[k - 1] for k, name in enumerate(chosen)}


def cumulative_for_period(sheet: Sheet, random: Random) -> Changes | None:
    """The figure of a longer time, so far, where that of the period belongs."""
    return _of_other_time(sheet, random, longer=True)


def period_for_cumulative(sheet: Sheet, random: Random) -> Changes | None:
    """The figure of the period where that of a longer time belongs."""
    return _of_other_time(sheet, random, longer=False)


def total_twice(sheet: Sheet, random: Random) -> Changes | None:
    """A total that counts a subtotal of all lines as well."""
    return _total(sheet, random, lambda total, _: 2 * total)


def line_left_out(sheet: Sheet, random: Random) -> Changes | None:
    """A total that lacks one line."""
    return _total(sheet, random, lambda total, part: total - part)


def digit_replaced(sheet: Sheet, random: Random) -> Changes | None:
    """Another digit typed in the place of one."""

    def slip(text: str, at: int) -> str:
        digit = random.choice([d for d in "123456789" if d != text[at]])
        return text[:at] + digit + text[at + 1 :]

    return _typed_wrongly(sheet, random, slip)


def digits_exchanged(sheet: Sheet, random: Random) -> Changes | None:
    """Two neighbouring digits exchanged."""
    return _typed_wrongly(
        sheet, random, lambda text, at: text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
    )


def digit_dropped(sheet: Sheet, random: Random) -> Changes | None:
    """A digit left out."""
    return _typed_wrongly(sheet, random, lambda text, at: text[:at] + text[at + 1 :])


def digit_added(sheet: Sheet, random: Random) -> Changes | None:
    """A digit too many."""
    return _typed_wrongly(
        sheet, random, lambda text, at: text[:at] + random.choice("0123456789") + text[at:]
    )


def sent_again(sheet: Sheet, random: Random) -> Changes | None:
    """The return of the year before: what was known then is what this one says."""
    return {}


def rounded_lines(sheet: Sheet, random: Random) -> Changes | None:
    """The amounts of a column in whole 万元, under a total that is not rounded."""
    columns = [i.name for i in _money(sheet) if i.name in sheet.totals and i.computed is None]
    if not columns or len(sheet.lines) < 2:
        return None
    name = random.choice(columns)
    return {
        (name, n): value.quantize(Decimal(1))
        for n, line in enumerate(sheet.lines)
        if isinstance(value := line[name], Decimal)
    }


def line_twice(sheet: Sheet, random: Random) -> Changes | None:
    """A line under the key of another one."""
    keys = [i.name for i in sheet.form.indicators if i.key]
    if sheet.form.body != "list" or len(sheet.lines) < 2 or not keys:
        return None
    to, source = random.sample(range(len(sheet.lines)), 2)
    return {(name, to): sheet[name, source] for name in keys}


MECHANISMS: Mapping[str, tuple[Spoil, Mechanism | None]] = {
    "unit_sheet": (unit_sheet, Mechanism.UNIT),
    "unit_column": (unit_column, Mechanism.UNIT),
    "unit_cell": (unit_cell, Mechanism.UNIT),
    "unit_thousand": (unit_thousand, Mechanism.UNIT),
    "percent_fraction": (percent_fraction, Mechanism.UNIT),
    "sign": (sign, Mechanism.SIGN),
    "swap": (swap, Mechanism.SWAP),
    "row_shift": (row_shift, Mechanism.SHIFT),
    "column_shift": (column_shift, Mechanism.SHIFT),
    "cumulative_for_period": (cumulative_for_period, Mechanism.CUMULATIVE),
    "period_for_cumulative": (period_for_cumulative, Mechanism.CUMULATIVE),
    "total_twice": (total_twice, Mechanism.TOTAL),
    "line_left_out": (line_left_out, Mechanism.TOTAL),
    "digit_replaced": (digit_replaced, Mechanism.TYPING),
    "digits_exchanged": (digits_exchanged, Mechanism.TYPING),
    "digit_dropped": (digit_dropped, Mechanism.TYPING),
    "digit_added": (digit_added, Mechanism.TYPING),
    "sent_again": (sent_again, Mechanism.AGAIN),
    "rounded_lines": (rounded_lines, Mechanism.ROUNDING),
    "line_twice": (line_twice, None),
}
"""The ways by name, and what a diagnosis calls each; a repeated key needs none."""


def seeded(name: str, sheets: Sequence[Sheet], random: Random) -> Iterator[Fault]:
    """Faults of one kind without end: first a form at random, then one of its sheets.

    None where no sheet can have it.
    """
    spoil, mechanism = MECHANISMS[name]
    by_form: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        by_form.setdefault(f"{sheet.period.id} {sheet.form.name}", []).append(sheet)
    fruitless = 0
    while fruitless < _MOST_TRIES:
        fruitless += 1
        clean = random.choice(random.choice([*by_form.values()]))
        changes = spoil(clean, random)
        if changes is None:
            continue
        real = {place: value for place, value in changes.items() if value != clean[place]}
        if real or name == "sent_again":
            fruitless = 0
            faulty = clean.changed(real)
            yield Fault(name, mechanism, clean, faulty, tuple(real), again=not real)


def _money(sheet: Sheet) -> list[Indicator]:
    return [i for i in sheet.numeric if i.unit == "wan_yuan"]


def _typed(sheet: Sheet) -> list[Indicator]:
    return [i for i in sheet.numeric if i.computed is None] or sheet.numeric


def _times(sheet: Sheet, names: Sequence[str], factor: Decimal) -> Changes | None:
    places = [(name, n) for name in names for n in range(len(sheet.lines) + 1)]
    values = {place: _number(sheet, place) for place in places}
    return _fitting(sheet, {place: value * factor for place, value in values.items() if value})


def _fitting(sheet: Sheet, changes: Mapping[Place, Decimal] | None) -> Changes | None:
    """Numbers, if their columns have the decimals for all of them."""
    numbers = (changes or {}).items()
    fit = all(value == round(value, sheet.form[name].decimals) for (name, _), value in numbers)
    return changes if fit and changes else None


def _number(sheet: Sheet, place: Place) -> Decimal | None:
    if place[1] == len(sheet.lines) and place[0] not in sheet.totals:
        return None
    value = sheet[place]
    return value if isinstance(value, Decimal) else None


def _one(
    sheet: Sheet,
    random: Random,
    wrong: Callable[[Decimal], Decimal],
    columns: Sequence[Indicator],
) -> Mapping[Place, Decimal] | None:
    """One number other than 0 of some columns made wrong."""
    places = [(i.name, n) for i in columns for n in range(len(sheet.lines))]
    stated = [(place, value) for place in places if (value := _number(sheet, place))]
    if not stated:
        return None
    place, value = random.choice(stated)
    return {place: wrong(value)}


def _of_other_time(sheet: Sheet, random: Random, *, longer: bool) -> Changes | None:
    """The neighbour put into a figure whose name says the same thing of another time."""
    pairs = [
        (one.name, other.name) if longer else (other.name, one.name)
        for first, second in pairwise(_typed(sheet))
        for one, other in [sorted((first, second), key=lambda i: _time(i.name))]
        if one.unit == other.unit and -1 < _time(one.name) < _time(other.name)
    ]
    if not pairs or not sheet.lines:
        return None
    (to, source), n = random.choice(pairs), random.randrange(len(sheet.lines))
    return None if sheet[source, n] is None else {(to, n): sheet[source, n]}


def _time(name: str) -> int:
    """How long a time the name of a column speaks of, -1 where of none."""
    words = ({"period"}, {"year", "ytd"}, {"cum"})
    if "plan" in name:
        return -1
    return next((n for n, of in enumerate(words) if of & {*name.split("_")}), -1)


def _total(
    sheet: Sheet, random: Random, wrong: Callable[[Decimal, Decimal], Decimal]
) -> Changes | None:
    names = [name for name in sheet.totals if sheet.form[name].aggregation == "sum"]
    if not names or len(sheet.lines) < 2:
        return None
    name = random.choice(names)
    parts = [value for line in sheet.lines if isinstance(value := line[name], Decimal) and value]
    if not parts:
        return None
    return {(name, len(sheet.lines)): wrong(sheet.totals[name], random.choice(parts))}


def _typed_wrongly(sheet: Sheet, random: Random, slip: Callable[[str, int], str]) -> Changes | None:
    """A number of at least three digits, as somebody types it, with a slip in one place."""
    texts = [(place, plain(value)) for place, value in sheet.numbers()]
    texts = [(place, text) for place, text in texts if sum(map(str.isdigit, text)) >= 3]
    if not texts:
        return None
    place, text = random.choice(texts)
    at = random.choice([n for n, sign in enumerate(text) if sign.isdigit()])
    wrong = slip(text, at)
    if wrong.count(".") != text.count(".") or not wrong.strip("-.") or wrong.endswith("."):
        return None
    return {place: Decimal(wrong)}


def plain(value: Decimal) -> str:
    """A number as somebody types it: without the zeros after its last decimal."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
