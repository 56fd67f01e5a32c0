"""One figure of all counties, now and of the time before, and what of it is usual."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from expectations.diagnose.outlier import Outlier, is_usual, outliers
from expectations.known import Known
from expectations.relation_case import Taken
from schemas.consolidated.change import Series
from schemas.filing import Filing
from schemas.models import Form, Scheme
from schemas.period import Period
from schemas.rules.formulas import rounded


@dataclass(frozen=True, eq=False)
class Compared:
    """A series with the figures of every county of which both are known."""

    series: Series
    before: Mapping[str, Taken]
    now: Mapping[str, Taken]

    def is_of(self, filing: Filing) -> bool:
        """Whether the figure of now is one of a filing that came, of which both are known."""
        county = filing.county
        return county in self.now and self.now[county].filing is filing

    @cached_property
    def outliers(self) -> Mapping[str, Outlier]:
        """The counties whose change is doubtful."""
        found = outliers(_floats(self.before), _floats(self.now), self._step)
        return {outlier.unit: outlier for outlier in found}

    def is_usual(self, county: str, value: Decimal) -> bool | None:
        """Whether nothing would be doubtful of a county with another value now.

        None where that could not be compared.
        """
        now = _floats(self.now) | {county: float(value)}
        return is_usual(county, _floats(self.before), now, self._step)

    def usual(self, county: str) -> Decimal:
        """What a doubtful figure would be if it had changed like the others."""
        grown = Decimal(self.outliers[county].typical)
        return rounded(self.before[county].value * grown, self.series.measure.decimals)

    @property
    def _step(self) -> float:
        return float(10.0**-self.series.measure.decimals)


def check_of(form: Form, series: Series) -> str:
    """The id of the check that a series changes as it does elsewhere."""
    return f"{form.code}.{series.measure.name}.change"


def compared(known: Known, scheme: Scheme, form: Form, period: Period, series: Series) -> Compared:
    """The figures of a series, of the counties that owe the form."""
    counties = [unit.code for unit in scheme.owing(form, period)]
    earlier = _figures(known, series.before, counties, period)
    now = _figures(known, series.now, [*earlier], period)
    return Compared(series, {county: earlier[county] for county in now}, now)


def _figures(known: Known, name: str, counties: Sequence[str], period: Period) -> dict[str, Taken]:
    """The figures of those counties of which they are known."""
    taken = {county: known.taken(name, county, period) for county in counties}
    return {c: t for c, t in taken.items() if t is not None and t.figure.value is not None}


def _floats(figures: Mapping[str, Taken]) -> dict[str, float]:
    return {county: float(taken.value) for county, taken in figures.items()}
