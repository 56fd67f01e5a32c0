"""From what a municipality was measured to cost to a province and to the whole country."""

from dataclasses import dataclass
from typing import Self

COUNTIES = 17
MUNICIPALITIES = 11
COUNTIES_OF_THE_COUNTRY = 2844
NIGHT_SECONDS = 6 * 3600
"""From 02:00 to 08:00, when people come."""


@dataclass(frozen=True)
class Municipality:
    """What one costs: seconds of processor a night, and bytes kept for it a year."""

    processor: float
    idle: float
    kept: float

    @classmethod
    def of(cls, without: Self, with_share: Self, share: float) -> Self:
        """With its whole register, of which a share was measured; that part grows in proportion."""
        return cls(
            without.processor + (with_share.processor - without.processor) / share,
            without.idle,
            without.kept + (with_share.kept - without.kept) / share,
        )


@dataclass(frozen=True)
class Region:
    """So many municipalities, each with a night of its own."""

    name: str
    municipalities: float
    each: Municipality

    @property
    def processor(self) -> float:
        """Seconds of processor for the night in which everything comes."""
        return self.municipalities * self.each.processor

    @property
    def idle(self) -> float:
        """The same for a night with nothing new."""
        return self.municipalities * self.each.idle

    @property
    def cores(self) -> float:
        """Processors that bring the night to its end before people come."""
        return self.processor / NIGHT_SECONDS

    @property
    def kept(self) -> float:
        """Bytes of warehouse and publications a year."""
        return self.municipalities * self.each.kept


def regions(each: Municipality) -> tuple[Region, ...]:
    """One municipality, a province of eleven, all counties of the country."""
    return (
        Region("municipality", 1, each),
        Region("province", MUNICIPALITIES, each),
        Region("country", COUNTIES_OF_THE_COUNTRY / COUNTIES, each),
    )
