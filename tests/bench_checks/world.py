"""What else is known on the night of a return: the county's other forms, and the year before.

The sample has no earlier years, so they are made: figures that rules between periods compare are
what the rules want of them, all others grew by 6 % (standard deviation 5 %) since then.
"""

import ast
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache, cached_property
from math import exp
from random import Random

from schemas.consolidated.change import series_of
from schemas.consolidated.figures import Figure, Source
from schemas.consolidated.measures import Measure, measures
from schemas.consolidated.relations import Sources
from schemas.models import Relation, Scheme
from schemas.period import Period
from tests.bench_checks.declared import half_unit
from tests.bench_checks.sheets import Sheet, clean_sheets
from tests.bench_checks.statements import Span, holds, names, value

GROWTH, SPREAD = 0.06, 0.05

_SHIFTS = ("previous", "previous_in_year", "last_year", "last_year_end")


@dataclass(frozen=True)
class Stated:
    """A figure of a county, and how far the true one may lie from it."""

    value: Decimal | None
    reach: Fraction = Fraction(0)


class World:
    """The clean returns of one period, and the figures that were known before them."""

    def __init__(self, scheme: Scheme, period: Period, random: Random) -> None:
        self.scheme, self.period = scheme.at(period), period
        every = clean_sheets(scheme, period)
        self._by_place = {(sheet.county, sheet.form.name): sheet for sheet in every}
        counties = {unit.code for unit in self.scheme.counties}
        self.sheets = [sheet for sheet in every if sheet.county in counties]
        self.filings = {place: sheet.filing() for place, sheet in self._by_place.items()}
        self._sources = Sources(scheme)
        self.accepted: dict[tuple[Source, Measure], Figure] = {}
        for sheet in self.sheets:
            for relation in self._judging(sheet.form.name):
                self._carry_over(sheet.county, relation)
        for sheet in self.sheets:
            for name, before in self.series(sheet.form.name).items():
                self._grow(sheet.county, name, before, random)

    # --- figures --------------------------------------------------------------------------------

    def figure(self, name: str, county: str, changed: Sheet | None = None) -> Stated:
        """A figure as a rule between forms names it; `changed` stands for the clean sheet."""
        tree = ast.parse(name, mode="eval").body
        match tree:
            case ast.Call(func=ast.Name(id=shift)) if shift in _SHIFTS:
                earlier = [self.accepted[key].value for key in self.keys(name, county)]
                return Stated(earlier[0] if earlier else None)
            case ast.Call(func=ast.Name(id="plan"), args=[inner]):
                return self.figure(ast.unparse(inner), county, changed)
            case ast.Attribute(value=ast.Name(id=form), attr=measure):
                known = self._measures.get((form, measure))
                return Stated(None) if known is None else self._sum(form, *known, county, changed)
            case ast.Call(
                func=ast.Name(id="sum"),
                args=[ast.Attribute(value=ast.Name(id=form), attr=column), *where],
            ):
                return self._sum(form, column, _conditions(where), county, changed)
            case ast.Call(func=ast.Name(id="count"), args=[ast.Name(id=form), *where]):
                return self._sum(form, None, _conditions(where), county, changed)
        return Stated(None)

    @cached_property
    def _measures(self) -> Mapping[tuple[str, str], tuple[str | None, dict[str, object]]]:
        """The sums and counts of all forms: the column that is added up, and of which lines."""
        return {
            (form.name, measure.name): (measure.indicator, dict(measure.where))
            for form in self.scheme.forms
            for measure in measures(form, self.scheme)
            if measure.aggregation in ("sum", "count")
        }

    def _sum(
        self,
        form: str,
        column: str | None,
        where: Mapping[str, object],
        county: str,
        changed: Sheet | None,
    ) -> Stated:
        sheet = self._sheet(form, county, changed)
        if sheet is None:
            return Stated(None)
        own = sheet.form.county_column
        chosen = [
            line
            for line in sheet.lines
            if all(line[name] == wanted for name, wanted in where.items())
            if own is None or line[own] == county
        ]
        if column is None:
            return Stated(Decimal(len(chosen)))
        numbers = [line[column] for line in chosen]
        if not all(isinstance(number, Decimal) for number in numbers):
            return Stated(None)
        added = sum((n for n in numbers if isinstance(n, Decimal)), Decimal(0))
        return Stated(added, half_unit(sheet.form[column]) * len(numbers))

    def _sheet(self, form: str, county: str, changed: Sheet | None) -> Sheet | None:
        if changed is not None and (changed.form.name, changed.county) == (form, county):
            return changed
        city = self.scheme.municipality.code
        return self._by_place.get((county, form), self._by_place.get((city, form)))

    # --- rules between forms ----------------------------------------------------------------------

    def related(self, form: str) -> list[Relation]:
        """The rules between forms that speak of a form."""
        word = re.compile(rf"\b{form}\b")
        return [r for r in self.scheme.relations if word.search(f"{r.form} {r.check} {r.when}")]

    def forms_beside(self, form: str) -> set[str]:
        """The forms that a rule compares a form with, or judges by it."""
        texts = [f"{r.form} {r.check} {r.when}" for r in self.related(form)]
        spoken = {word for text in texts for word in re.findall(r"\w+", text)}
        return {other.name for other in self.scheme.forms if other.name in spoken} - {form}

    def broken(self, sheet: Sheet) -> frozenset[str]:
        """The rules between forms that a sheet among the county's clean ones breaks."""
        return frozenset(
            relation.id
            for relation in self.related(sheet.form.name)
            if (sheet.county, relation.form) in self._by_place
            and self._holds(relation, sheet.county, sheet) is False
        )

    def _holds(self, relation: Relation, county: str, changed: Sheet | None = None) -> bool | None:
        spoken = [*names(relation.check), *(names(relation.when) if relation.when else ())]
        found = {name: self.figure(name, county, changed) for name in spoken}
        return holds(
            relation.check, relation.when, lambda n: found[n].value, lambda n: found[n].reach
        )

    def _judging(self, form: str) -> list[Relation]:
        return [relation for relation in self.scheme.relations if relation.form == form]

    # --- the time before --------------------------------------------------------------------------

    def series(self, form: str) -> dict[str, str]:
        """The sums of a form that are compared in time: each name, and that of the earlier one."""
        found = series_of(self.scheme.form(form), self.scheme)
        return {series.now: series.before for series in found}

    def keys(self, name: str, county: str) -> list[tuple[Source, Measure]]:
        """Under what an earlier figure is known."""
        sources = self._sources.of(name, self.period)
        found = [(Source(o.form.name, county, p.id), o.measure) for o, p in sources]
        return [key for key in found if key in self.accepted]

    def _remember(self, name: str, county: str, earlier: Decimal) -> None:
        for operand, period in self._sources.of(name, self.period)[:1]:
            key = Source(operand.form.name, county, period.id), operand.measure
            self.accepted.setdefault(key, Figure(earlier, Decimal(0)))

    def _carry_over(self, county: str, relation: Relation) -> None:
        """Make up the earlier figure of a rule such that the rule holds of the clean returns."""
        earlier = [name for name in names(relation.check) if name.startswith(_SHIFTS)]
        if len(earlier) != 1:
            return
        (name,) = earlier
        same = self.figure(ast.unparse(ast.parse(name, mode="eval").body.args[0]), county)  # type: ignore[attr-defined]
        if "=" not in relation.check.replace("<=", "").replace(">=", ""):
            if same.value is not None:
                self._remember(name, county, same.value)
            return
        left, _, right = relation.check.partition("=")
        known = {n: self.figure(n, county).value for n in names(relation.check)}
        gaps = []
        for guess in (Decimal(0), Decimal(1)):
            sides = [
                value(side, {**known, name: guess}.__getitem__, lambda _: Fraction(0))
                for side in (left, right)
            ]
            if not isinstance(sides[0], Span) or not isinstance(sides[1], Span):
                return
            gaps.append(sides[0].low - sides[1].low)
        exact = gaps[0] / (gaps[0] - gaps[1])
        self._remember(name, county, Decimal(exact.numerator) / exact.denominator)

    def _grow(self, county: str, name: str, before: str, random: Random) -> None:
        now = self.figure(name, county).value
        if now is not None:
            grown = Decimal(exp(random.gauss(GROWTH, SPREAD)))
            unit = Decimal("0.0001") if now != int(now) else Decimal(1)
            self._remember(before, county, (now / grown).quantize(unit, ROUND_HALF_UP))

    @cache  # noqa: B019  a world lives as long as the program
    def others(self, form: str) -> dict[tuple[Source, Measure], Figure]:
        """The compared sums of a form in the clean returns of all counties."""
        found = {}
        for name in self.series(form):
            for operand, period in self._sources.of(name, self.period):
                for unit in self.scheme.counties:
                    stated = self.figure(name, unit.code)
                    if stated.value is not None:
                        source = Source(form, unit.code, period.id)
                        found[source, operand.measure] = Figure(stated.value, Decimal(0))
        return found

    @cache  # noqa: B019
    def comparable(self, form: str) -> Collection[str]:
        """The sums of a form that are positive, now and before, in at least six counties."""
        found = []
        for name, before in self.series(form).items():
            counties = [
                unit.code
                for unit in self.scheme.counties
                if (self.figure(name, unit.code).value or 0) > 0
                and (self.figure(before, unit.code).value or 0) > 0
            ]
            if len(counties) >= 6:
                found.append(name)
        return found


def _conditions(trees: list[ast.expr]) -> dict[str, object]:
    found: dict[str, object] = {}
    for tree in trees:
        for part in tree.values if isinstance(tree, ast.BoolOp) else [tree]:
            assert isinstance(part, ast.Compare), ast.unparse(part)
            constant = part.comparators[0]
            assert isinstance(part.left, ast.Name), ast.unparse(part)
            assert isinstance(constant, ast.Constant), ast.unparse(part)
            wanted = constant.value
            found[part.left.id] = Decimal(wanted) if isinstance(wanted, int) else wanted
    return found
