"""What is filled in already: forms of a sample may be made from the lines of others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from schemas.consolidated.measures import Measure, measures
from schemas.consolidated.report import report
from schemas.consolidated.tabulate import tabulated
from schemas.language.expression import Value
from schemas.models import OrgUnit, Scheme
from schemas.period import Period
from schemas.rules.formulas import completed

Line = dict[str, Value | None]


@dataclass
class Filled:
    """The returns made so far: county code → form name → lines, computed columns left out."""

    scheme: Scheme
    returns: Mapping[str, dict[str, list[Line]]]
    _measures: dict[str, dict[str, Measure]] = field(default_factory=dict)

    def lines(self, form_name: str, unit: OrgUnit) -> list[Line]:
        """The lines of a form that a county filed, or of all of them for the municipality."""
        form = self.scheme.form(form_name)
        filers = [unit] if unit != self.scheme.municipality else self.scheme.filers([form])
        stated = (self.returns.get(filer.code, {}).get(form.name, []) for filer in filers)
        return [completed(form, line) for lines in stated for line in lines]

    def figure(self, name: str, unit: OrgUnit) -> Decimal:
        """A figure such as reduction.task; 0 for a county that does not report it.

        Raises ValueError when there is no such figure.
        """
        form_name, _, measure_name = name.partition(".")
        known = self._of_form(form_name)
        if measure_name not in known:
            raise ValueError(f"{name!r} is no figure of a form, as reduction.task is one")
        return tabulated(known[measure_name], self.lines(form_name, unit)) or Decimal(0)

    def report(self, period: Period) -> Iterator[Mapping[str, Value | None]]:
        """The lines of the period's report, from the municipal figures."""
        unit = self.scheme.municipality
        figures: dict[str, dict[str, Decimal | None]] = {}
        for form in self._summarised(period):
            lines = self.lines(form, unit)
            figures[form] = {
                name: tabulated(measure, lines) for name, measure in self._of_form(form).items()
            }
        return report(self.scheme, period, figures, self.scheme.language)

    def _of_form(self, name: str) -> dict[str, Measure]:
        if name not in self._measures:
            form = next((form for form in self.scheme.forms if form.name == name), None)
            found: Sequence[Measure] = () if form is None else measures(form, self.scheme)
            self._measures[name] = {measure.name: measure for measure in found}
        return self._measures[name]

    def _summarised(self, period: Period) -> list[str]:
        forms = (form for form in self.scheme.forms if form.summary)
        return [form.name for form in forms if self.scheme.owing(form, period)]
