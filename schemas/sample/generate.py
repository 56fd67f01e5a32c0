"""Sample returns from their declaration: every county's lines, and every printed total exactly."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

from schemas.errors import SchemeError
from schemas.language.expression import Value
from schemas.models import Form, Indicator, OrgUnit, Scheme
from schemas.period import Period
from schemas.sample.fill import Made, Slot, fill
from schemas.sample.filled import Filled, Line
from schemas.sample.months import month_lines
from schemas.sample.people import Household, households, students
from schemas.sample.spec import (
    FOLDER,
    REPORT,
    Block,
    FormSample,
    PeriodSample,
    Places,
    load_sample,
)
from schemas.text import Text

_LINES = Indicator(name="lines", label=Text(zh="行数", en="lines"), kind="integer", unit="count")
"""The number of a county's lines, filled like a column."""


def sample_lines(scheme: Scheme, folder: Path, period: Period) -> dict[str, dict[str, list[Line]]]:
    """The lines of every return: code of county or municipality → form name → lines.

    A line has a value, or None, for every column that is not computed. Every county has every form
    it owes; an empty list declares nil. Raises SchemeError when the declaration in
    `folder/sample` does not fit the scheme or cannot be met. Months and quarters are made from
    their year.
    """
    if period.kind in ("month", "quarter"):
        year = sample_lines(scheme, folder, Period(period.year, "year"))
        return month_lines(scheme, folder, period, year)
    scheme = scheme.at(period)
    sample, places = load_sample(folder, period)
    forms = [form for form in scheme.forms if scheme.owing(form, period)]
    problems = [*_form_problems(sample, forms, period), *_place_problems(places, scheme)]
    if problems:
        raise SchemeError([f"{FOLDER}/{problem}" for problem in problems])
    registers = {
        county.code: households(county, sample.households, period.end) for county in scheme.counties
    }
    return filled_forms(scheme, period, (sample, places), forms, registers)


def filled_forms(
    scheme: Scheme,
    period: Period,
    declared: tuple[PeriodSample, Places],
    forms: Sequence[Form],
    registers: Mapping[str, Sequence[Household]],
) -> dict[str, dict[str, list[Line]]]:
    """The lines of some forms, with these made-up households in each county's register."""
    sample, places = declared
    filers = (unit for unit in scheme.filers(forms) if scheme.forms_owed(unit, period))
    returns: dict[str, dict[str, list[Line]]] = {unit.code: {} for unit in filers}
    filled = Filled(scheme, returns)
    for form in _in_order(forms, sample):
        writer = _FormLines(scheme, form, period, places, registers, filled)
        for filer, lines in writer.lines(sample.forms[form.name]).items():
            returns[filer][form.name] = lines
    return returns


def _in_order(forms: Sequence[Form], sample: PeriodSample) -> Iterator[Form]:
    """The forms, each after those that it is made from, and the report last of all."""
    left = {form.name: form for form in forms}
    while left:
        needs = {name: sample.forms[name].needs for name in left}
        ready = [name for name in left if needs[name].isdisjoint({*left, REPORT})]
        ready = ready or [name for name in left if REPORT in needs[name] and len(left) == 1]
        if not ready:
            raise SchemeError([f"{FOLDER}: {', '.join(left)} are made from each other"])
        yield from (left.pop(name) for name in ready)


def _form_problems(sample: PeriodSample, forms: Sequence[Form], period: Period) -> Iterator[str]:
    owed = {form.name for form in forms}
    for name in sorted(owed - set(sample.forms)):
        yield f"{period.id}.yaml: the form {name} is owed but has no sample"
    for name in sorted(set(sample.forms) - owed):
        yield f"{period.id}.yaml: no form {name} is owed"


def _place_problems(places: Places, scheme: Scheme) -> Iterator[str]:
    known = {county.name.zh for county in scheme.counties}
    for weight, counties in places.weights.items():
        for unknown in sorted(set(counties) - known):
            yield f"places.yaml: weight {weight}: no county {unknown}"


@dataclass(frozen=True)
class _FormLines:
    """Writes the lines of one form."""

    scheme: Scheme
    form: Form
    period: Period
    places: Places
    registers: Mapping[str, Sequence[Household]]
    filled: Filled

    @property
    def units(self) -> Sequence[OrgUnit]:
        """Whom the lines are about: those who owe the form, or each county."""
        if self.form.county_column is not None:
            return self.scheme.counties
        return self.scheme.owing(self.form, self.period)

    def lines(self, sample: FormSample) -> dict[str, list[Line]]:
        """Code of county or municipality → lines, for everybody who owes the form."""
        about = self._lines_about(sample)
        if self.form.county_column is None:
            return about
        return {self.scheme.municipality.code: [line for lines in about.values() for line in lines]}

    def _lines_about(self, sample: FormSample) -> dict[str, list[Line]]:
        lines: dict[str, list[Line]] = {unit.code: [] for unit in self.units}
        for index, block in enumerate(sample.blocks, start=1):
            try:
                taken = Counter({code: len(written) for code, written in lines.items()})
                for slot in self._filled(index, block, taken):
                    lines[slot.county.code].append(self._line(slot.line, sample.otherwise))
            except ValueError as error:
                raise SchemeError([f"{self._where}, block {index}: {error}"]) from None
        try:
            return {code: self._every_line(lines[code], sample.otherwise) for code in lines}
        except ValueError as error:
            raise SchemeError([f"{self._where}: {error}"]) from None

    @property
    def _where(self) -> str:
        return f"{FOLDER}/{self.period.id}.yaml: {self.form.name}"

    def _filled(self, index: int, block: Block, taken: Counter[str]) -> list[Slot]:
        """The block's lines with every column filled."""
        slots = self._slots(index, block, taken)
        for name, recipe in block.columns.items():
            if name not in self.form.by_name:
                raise ValueError(f"{name} is not a column of {self.form.name}")
            try:
                values = fill(recipe, self.form[name], slots, self.places.words)
                for slot, value in zip(slots, values, strict=True):
                    self._require_fit(self.form[name], value)
                    slot.line[name] = value
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
        return slots

    def _slots(self, index: int, block: Block, taken: Counter[str]) -> list[Slot]:
        """The block's lines, empty; numbered on from those already `taken` in each county."""
        base = (self.scheme.id, self.period.id, self.form.name, index)
        counties = self._counties(block)
        slots = []
        for county, made in self._made(block, counties, base):
            taken[county.code] += 1
            n = taken[county.code]
            place = (*base, county.code, n)
            known, figure = self._known(county), partial(self.filled.figure, unit=county)
            slots.append(Slot(county, n, taken.total(), place, known, made, figure))
        return slots

    def _made(
        self, block: Block, counties: Sequence[OrgUnit], base: tuple[str | int, ...]
    ) -> Iterator[tuple[OrgUnit, Made]]:
        """For each line of the block its county and what it is made from."""
        if block.lines_from is not None:
            for county in counties:
                yield from ((county, line) for line in self._lines_from(block.lines_from, county))
            return
        if block.people in (None, "students"):
            heads = [Slot(c, 1, 1, (*base, c.code), self._known(c)) for c in counties]
            for county, count in zip(counties, fill(block.lines, _LINES, heads, {}), strict=True):
                assert isinstance(count, Decimal), count
                yield from ((county, made) for made in self._lines_of(block, county, int(count)))
            return
        for county in counties:
            for household in self.registers[county.code]:
                if block.people == "households":
                    yield county, household.made
                else:
                    yield from ((county, vars(person)) for person in household.members)

    def _lines_from(self, name: str, unit: OrgUnit) -> Iterable[Made]:
        return self.filled.report(self.period) if name == REPORT else self.filled.lines(name, unit)

    def _lines_of(self, block: Block, county: OrgUnit, count: int) -> Iterator[Made]:
        if block.people is None:
            yield from ({} for _ in range(count))
            return
        taken = {p.id_no for household in self.registers[county.code] for p in household.members}
        yield from students(county, count, self.period.end, taken)

    def _known(self, county: OrgUnit) -> dict[str, Value]:
        """What arithmetic may speak of besides columns: the county's weights and `period_end`."""
        zero, name = Decimal(0), county.name.zh
        weights = {weight: of.get(name, zero) for weight, of in self.places.weights.items()}
        return {**weights, "period_end": self.period.end}

    def _counties(self, block: Block) -> list[OrgUnit]:
        for wanted in block.counties:
            if not any(_is(unit, wanted) for unit in self.units):
                raise ValueError(f"{wanted} is no county or group that owes {self.form.name}")
        return [unit for unit in self.units if any(_is(unit, wanted) for wanted in block.counties)]

    def _line(self, filled: Mapping[str, Value | None], otherwise: Decimal | None) -> Line:
        """A whole line: all columns but computed ones, in the order of the form."""
        line: Line = {}
        for indicator in self.form.indicators:
            if indicator.computed is not None:
                continue
            value: Value | None = filled.get(indicator.name)
            if value is None and indicator.numeric and indicator.required:
                value = otherwise
            if value is None and indicator.required:
                raise ValueError(f"{indicator.name} is not filled")
            line[indicator.name] = value
        return line

    def _require_fit(self, indicator: Indicator, value: Value | None) -> None:
        if value is None:
            return
        kind = Decimal if indicator.numeric else date if indicator.kind == "date" else str
        if not isinstance(value, kind):
            raise ValueError(f"{value!r} is not of kind {indicator.kind}")
        if indicator.kind == "code" and value not in (codes := self._codes(indicator)):
            raise ValueError(f"{value!r} is not a code; the codes are {', '.join(codes)}")

    def _codes(self, indicator: Indicator) -> list[str]:
        return [entry.code for entry in self.scheme.codes(indicator).codes]

    def _every_line(self, lines: list[Line], otherwise: Decimal | None) -> list[Line]:
        """A county's lines as the body of the form wants them: one, or each fixed line in order."""
        if self.form.body == "list":
            return lines
        if self.form.fixed_by is None:
            if len(lines) != 1:
                raise ValueError(f"a county has {len(lines)} lines but the form has one")
            return lines
        codes = self._codes(self.form[self.form.fixed_by])
        given = {line[self.form.fixed_by]: line for line in lines}
        if len(given) < len(lines):
            raise ValueError(f"a county has a line twice; {self.form.fixed_by} tells them apart")
        return [
            given.get(code) or self._line({self.form.fixed_by: code}, otherwise) for code in codes
        ]


def _is(county: OrgUnit, wanted: str) -> bool:
    return wanted == "all" or wanted == county.name.zh or wanted in county.groups
