"""Fill one column of the sample: from its recipe to a value for every line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from math import ceil, floor

from schemas.language import expression
from schemas.language.expression import Value
from schemas.models import Indicator, OrgUnit
from schemas.sample import draw, spec
from schemas.sample.apportion import apportion
from schemas.sample.spec import (
    Arithmetic,
    Between,
    Choice,
    Each,
    Figure,
    Is,
    Pattern,
    PerLine,
    Recipe,
    Total,
)

Words = Mapping[str, Sequence[str]]
Made = Mapping[str, Value | int | None]


def _no_figure(name: str) -> Decimal:
    raise ValueError(f"there are no figures, and so no {name}")


@dataclass(frozen=True)
class Slot:
    """A line to be filled: the `n`th of its county and the `serial`th of its form.

    `line` holds what is filled so far, `known` what else arithmetic may speak of, `made` what is so
    of the household, person or other line it is made from, and `figure` gives the county's figures
    in other forms.
    """

    county: OrgUnit
    n: int
    serial: int
    place: draw.Place
    known: Mapping[str, Value]
    made: Made = field(default_factory=dict)
    figure: Callable[[str], Decimal] = _no_figure
    line: dict[str, Value | None] = field(default_factory=dict)


def fill(
    recipe: Recipe, indicator: Indicator, slots: Sequence[Slot], words: Words
) -> list[Value | None]:
    """The column's value on each line, None where it stays blank.

    Raises ValueError when the recipe cannot be followed.
    """
    if isinstance(recipe, Total):
        return _divided(recipe, indicator, slots)
    return [_value(recipe, indicator, slot, words) for slot in slots]


def _value(recipe: PerLine, indicator: Indicator, slot: Slot, words: Words) -> Value | None:
    place = (*slot.place, indicator.name)
    match recipe:
        case Between(between=(low, high), step=step):
            unit = _step(indicator, step)
            first, last = ceil(_number(low, slot) / unit), floor(_number(high, slot) / unit)
            return _fit(indicator, draw.whole(first, last, place) * unit)
        case Is(is_=operand):
            return _fit(indicator, _number(operand, slot))
        case Each(each=values):
            return _each(values, slot)
        case Choice(choice=choices):
            return draw.weighted(choices, place)
        case Pattern(text=pattern):
            return _text(pattern, slot, words)
        case spec.Made(made=name):
            return _made(name, slot)
        case Figure(figure=name):
            return _fit(indicator, slot.figure(name))
        case Decimal() | date() | str():
            return recipe


def _each(values: Mapping[str, Value], slot: Slot) -> Value:
    if slot.county.name.zh not in values:
        raise ValueError(f"no value for {slot.county.name.zh}")
    return values[slot.county.name.zh]


def _made(name: str, slot: Slot) -> Value | None:
    if name not in slot.made:
        raise ValueError(f"{name!r} is not made up; there is {', '.join(slot.made)}")
    value = slot.made[name]
    return Decimal(value) if isinstance(value, int) else value


def _divided(recipe: Total, indicator: Indicator, slots: Sequence[Slot]) -> list[Value | None]:
    step = _step(indicator, recipe.step)
    if recipe.total % step:
        raise ValueError(f"{recipe.total} is not a multiple of {step}")
    most = recipe.at_most
    parts = apportion(
        int(recipe.total / step),
        [_weight(recipe, slot, (*slot.place, indicator.name)) for slot in slots],
        [ceil(_number(recipe.at_least, slot) / step) for slot in slots],
        [None if most is None else floor(_number(most, slot) / step) for slot in slots],
    )
    return [_fit(indicator, part * step) for part in parts]


def _weight(recipe: Total, slot: Slot, place: draw.Place) -> Fraction:
    change = Fraction(recipe.spread) * (2 * Fraction(draw.mark(place), draw.MARKS) - 1)
    return Fraction(_number(recipe.by, slot)) * (1 + change)


def _step(indicator: Indicator, step: Decimal | None) -> Decimal:
    return Decimal(1).scaleb(-indicator.decimals) if step is None else step


def _number(operand: Arithmetic, slot: Slot) -> Decimal:
    """A constant or arithmetic as a number; a date is its day count."""
    try:
        value: Value | None = operand
        if isinstance(operand, str):
            value = expression.evaluate(_parsed(operand), {**slot.known, **slot.line})
        found = expression.number(value)
    except KeyError as error:
        raise ValueError(f"{error} is neither known nor a column filled before") from None
    except TypeError as error:
        raise ValueError(f"{operand!r}: {error}") from None
    if found is None:
        raise ValueError(f"{operand!r} has no value")
    return found


_parsed = cache(expression.parse_value)


def _fit(indicator: Indicator, value: Decimal) -> Value:
    """A number as the column holds it: with its decimals, or as a date."""
    if indicator.kind == "date":
        return date.fromordinal(int(value))
    return value.quantize(Decimal(1).scaleb(-indicator.decimals), ROUND_HALF_UP)


def _text(pattern: str, slot: Slot, words: Words) -> str:
    """The pattern with the line's own words: the same list gives the same county the same words."""
    county = slot.county
    chosen = {
        name: _in_order(tuple(entries), county.code, name)[(slot.n - 1) % len(entries)]
        for name, entries in words.items()
        if f"{{{name}}}" in pattern
    }
    numbers = {"code": county.code, "n": slot.n, "serial": slot.serial}
    try:
        return pattern.format(**chosen, **numbers)
    except KeyError as error:
        raise ValueError(f"{error} in {pattern!r} is not a list of words") from None


@cache
def _in_order(entries: tuple[str, ...], county: str, name: str) -> Sequence[str]:
    """A list of words as one county uses it; kept, as every line of the county asks for it."""
    return draw.shuffled(entries, (county, name))
