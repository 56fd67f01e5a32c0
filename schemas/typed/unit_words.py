"""Units as people write them: 万元 beside 元, 公顷 beside 亩, 千米 beside 公里."""

from decimal import Decimal

from schemas.models import Scheme, Unit
from schemas.text import normalise
from schemas.typed.amounts import power_of


def times(word: str, unit: Unit) -> Decimal | None:
    """How many of a unit one of what a word says is; None where it is something else.

    >>> from schemas.text import Text
    >>> times("元", Unit(label=Text(zh="万元", en="10⁴ yuan")))
    Decimal('0.0001')
    """
    stated = normalise(word)
    if stated in (normalise(unit.label.zh), normalise(unit.label.en)):
        return Decimal(1)
    power, base = power_of(stated)
    own_power, own_base = power_of(normalise(unit.label.zh))
    if base == own_base:
        return Decimal(1).scaleb(power - own_power)
    return unit.others[base].scaleb(power) if base in unit.others else None


class UnitWords:
    """The words of every unit of a scheme."""

    def __init__(self, scheme: Scheme) -> None:
        labels = {normalise(w) for u in scheme.units.values() for w in (u.label.zh, u.label.en)}
        others = {word for unit in scheme.units.values() for word in unit.others}
        self._whole = labels | others
        self._bases = {power_of(word)[1] for word in labels | others} - {""}

    def knows(self, word: str) -> bool:
        """Whether a normalised word is a unit, with a magnitude or without: 元, 万元, 公顷."""
        return word in self._whole or power_of(word)[1] in self._bases
