"""How much findings weigh: what they miss by, as a share of the municipal figure.

|imbalance| / |municipal total|, on the scale of the scores of selective editing (SeleMix), so that
amounts and persons, failed rules and unusual changes, stand in one order.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from schemas.findings import Finding
from warehouse.consolidation.contents import ConsolidatedTable

_WHOLE = Decimal("Infinity")
"""The score of what a figure of 0 is wrong by."""


@dataclass(frozen=True)
class Weights:
    """The municipal figures, by form and column, that findings are held against."""

    figures: Mapping[tuple[str, str], Decimal]

    @classmethod
    def of(cls, tables: Iterable[ConsolidatedTable]) -> Self:
        """Those of consolidated tables: of columns that are summed over all lines."""
        return cls(
            {
                (table.form.name, measure.indicator): value
                for table in tables
                for measure in table.measures
                if measure.indicator is not None
                and measure.aggregation == "sum"
                and not measure.where
                and (value := table.municipality.values[measure.name]) is not None
            }
        )

    def percent(self, finding: Finding) -> Decimal | None:
        """What part of the municipal figure its effect is, in percent; None where that is 0."""
        share = self._share(finding, finding.effect)
        return None if share is None or share == _WHOLE else round(share * 100, 2)

    def score(self, finding: Finding) -> Decimal:
        """Its place in the order: the larger the heavier, -1 where nothing can be said.

        A finding without an effect has the score of what its rule is missed by.
        """
        missed = finding.difference if finding.effect is None else finding.effect
        share = self._share(finding, missed)
        return Decimal(-1) if share is None else share

    def _share(self, finding: Finding, amount: Decimal | None) -> Decimal | None:
        figure = self.figures.get((finding.form or "", finding.indicator or ""))
        if amount is None or figure is None:
            return None
        if not figure:
            return _WHOLE if amount else Decimal(0)
        return abs(amount / figure)
