"""What an explanation is good for: the values about which it was given, and little beyond them."""

from decimal import Decimal, InvalidOperation
from typing import Self

from schemas import messages
from schemas.findings import Finding
from schemas.text import Closed

SHARE = Decimal("0.05")
"""How far a value may move, of itself, before what explained it no longer does.

Figures of the next period are hardly ever the same: with the precision of a single cell alone an
explanation would not outlive its period. A twentieth is well below what the checks call unusual.
"""


class ValueRange(Closed):
    """The values of a finding that an explanation covers.

    `observed` is the value explained and `tolerance` how far it, and its `difference` from what was
    expected, may move. A finding that stands for many lines is explained for as many `lines` (and
    a share more). One without a number is explained for the `words` that it says, and no others.
    """

    observed: Decimal | None = None
    difference: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    lines: int = 1
    words: str | None = None

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """The range around a finding: a twentieth of its value, at least half its last digit."""
        if finding.lines > 1:
            return cls(lines=finding.lines, tolerance=finding.lines * SHARE)
        value = _number(finding.observed)
        if value is None:
            return cls(words=_words(finding))
        tolerance = max(abs(value) * SHARE, _half_digit(value))
        return cls(observed=value, difference=finding.difference, tolerance=tolerance)

    @property
    def low(self) -> Decimal | None:
        """The least value covered."""
        return None if self.observed is None else self.observed - self.tolerance

    @property
    def high(self) -> Decimal | None:
        """The largest value covered."""
        return None if self.observed is None else self.observed + self.tolerance

    @property
    def moves(self) -> bool:
        """Whether it is a range of numbers, which a value can leave."""
        return self.words is None

    def holds(self, finding: Finding) -> bool:
        """Whether what was explained explains this finding too."""
        if self.words is not None:
            return _words(finding) == self.words
        if self.observed is None or finding.lines > 1:
            return self.observed is None and 1 < finding.lines <= self.lines + self.tolerance
        value = _number(finding.observed)
        return (
            value is not None
            and self._near(value, self.observed)
            and self._near(finding.difference, self.difference)
        )

    def _near(self, value: Decimal | None, explained: Decimal | None) -> bool:
        if value is None or explained is None:
            return value is explained
        return abs(value - explained) <= self.tolerance


def _number(text: str | None) -> Decimal | None:
    try:
        value = Decimal(text) if text is not None else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() else None


def _half_digit(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int), value
    return Decimal(5).scaleb(exponent - 1)


def _words(finding: Finding) -> str:
    return messages.fact(finding, "zh")
