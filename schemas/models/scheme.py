"""A whole reporting scheme: what a municipality asks of its counties, and when."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property

from pydantic import Field, PrivateAttr, field_validator

from schemas.errors import NotInScheme
from schemas.life import Changed, Dated
from schemas.models.codes import COUNTIES, CodeList, Unit
from schemas.models.cumulative import not_falling
from schemas.models.form import Form
from schemas.models.identifier import Identifier
from schemas.models.indicator import Indicator
from schemas.models.org_unit import MUNICIPALITY, OrgUnit, counties_on, county_codes
from schemas.models.rule import Relation, RuleFile
from schemas.period import Period
from schemas.text import Closed, Language, Text, normalise


class PeriodEntry(Closed):
    """A period of the calendar: when returns may come, when they are due, whether it is closed.

    `calls` names the only forms that are called for, as at the beginning of a year its plan.
    """

    id: str
    opens: date
    due: date
    closed: bool = False
    calls: tuple[Identifier, ...] | None = None

    @field_validator("id", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return str(value) if isinstance(value, int) else value

    @cached_property
    def period(self) -> Period:
        """The period itself."""
        return Period.parse(self.id)


class Scheme(Closed):
    """Everything that is data about what is reported in one municipality.

    As loaded it holds what was ever reported; `at` gives what is in force in one period.
    """

    id: Identifier
    version: str
    title: Text
    issued_by: Text
    language: Language
    municipality: OrgUnit
    counties: tuple[OrgUnit, ...]
    periods: tuple[PeriodEntry, ...]
    units: dict[str, Unit]
    code_lists: dict[str, CodeList]
    forms: tuple[Form, ...]
    rule_files: dict[str, RuleFile] = Field(default_factory=dict)
    fingerprint: str = ""
    _whole: "Scheme | None" = PrivateAttr(default=None)

    @property
    def whole(self) -> "Scheme":
        """The scheme of all times."""
        return self._whole or self

    def at(self, period: Period) -> "Scheme":
        """The scheme of a period: what is in force on its last day, under the names of that time.

        Periods between two changes have the same scheme, which is the same object, but for what
        rules say of their period; a form of which they say nothing is the same object.
        """
        whole, era = self.whole, self.era(period)
        if era not in whole._eras:
            whole._eras[era] = whole._on(period.end) if whole.changes else whole
        if not whole._of_period:
            return whole._eras[era]
        if period not in whole._periods:
            whole._periods[period] = whole._eras[era]._asked_of(period)
        return whole._periods[period]

    def era(self, period: Period) -> int:
        """Between which changes of the scheme a period ends, counted from 0."""
        return bisect_right(self.whole.changes, period.end)

    @cached_property
    def changes(self) -> tuple[date, ...]:
        """The days on which something of the scheme begins or has just ended, in order."""
        return tuple(sorted({day for dated in self._dated() for day in dated.turns}))

    def of_all_eras(self) -> "tuple[Scheme, ...]":
        """The schemes that there were one after the other, each whole between two changes."""
        days = (date.min, *self.whole.changes)
        return tuple(self.whole._on(day) for day in days) if self.whole.changes else (self.whole,)

    def _dated(self) -> Iterator[Dated | Changed]:
        units = (self.municipality, *self.counties)
        yield from units
        yield from (former for unit in units for former in unit.formerly)
        for code in (code for codes in self.code_lists.values() for code in codes.codes):
            yield code
            yield from code.formerly
        yield from self._declared
        for form in self.forms:
            yield from form.formerly
            yield from (*form.indicators, *form.rules)
            yield from (former for column in form.indicators for former in column.formerly)

    @cached_property
    def _eras(self) -> dict[int, "Scheme"]:
        return {}

    @cached_property
    def _periods(self) -> dict[Period, "Scheme"]:
        return {}

    @cached_property
    def _of_period(self) -> bool:
        """Whether some rule says something of the period it is asked of."""
        return any(rule.of_period for rule in self._declared) or any(
            form.of_period for form in self.forms
        )

    def _asked_of(self, period: Period) -> "Scheme":
        then = self.model_copy(
            update={
                "forms": tuple(form.asked_of(period) for form in self.forms),
                "rule_files": {n: file.asked_of(period) for n, file in self.rule_files.items()},
            }
        )
        then._whole = self.whole
        return then

    def _on(self, day: date) -> "Scheme":
        counties = counties_on(self.counties, day)
        code_lists = {name: codes.on(day) for name, codes in self.code_lists.items()}
        code_lists[COUNTIES] = county_codes(counties)
        then = self.model_copy(
            update={
                "municipality": self.municipality.on(day),
                "counties": counties,
                "code_lists": code_lists,
                "forms": tuple(form.on(day, code_lists) for form in self.forms),
                "rule_files": {name: file.on(day) for name, file in self.rule_files.items()},
            }
        )
        then._whole = self
        return then

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """The rules between forms, in the order of their files, those for each code one by one;
        after them those that follow from what columns are.
        """
        stated = (relation for rule in self._declared for relation in self.stated(rule))
        return (*stated, *self.following)

    @cached_property
    def following(self) -> tuple[Relation, ...]:
        """The rules between periods that nobody has to declare."""
        return tuple(rule for form in self.forms for rule in not_falling(form, self._declared))

    @cached_property
    def _declared(self) -> tuple[Relation, ...]:
        return tuple(rule for file in self.rule_files.values() for rule in file.rules)

    @cached_property
    def _forms_by_name(self) -> Mapping[str, Form]:
        return {name: form for form in self.forms for name in (form.name, form.code)}

    @cached_property
    def _units_by_code(self) -> Mapping[str, OrgUnit]:
        """Every unit of any time, as it is in force where it is."""
        units = (*self.whole.counties, *self.counties, self.municipality)
        return {unit.code: unit for unit in units}

    @cached_property
    def counties_by_spelling(self) -> Mapping[str, OrgUnit]:
        """The counties by every name that they are known by, normalised."""
        return {spelling: unit for unit in self.counties for spelling in unit.spellings}

    @cached_property
    def periods_in_english(self) -> Mapping[str, Period]:
        """The periods of the calendar by what they are called in English, normalised."""
        return {normalise(entry.period.label("en")): entry.period for entry in self.periods}

    def stated(self, rule: Relation) -> tuple[Relation, ...]:
        """What a rule states: itself, or the rule for each entry of its code list."""
        if rule.each is None:
            return (rule,)
        codes = self.code_lists.get(rule.each, CodeList(codes=())).codes
        return tuple(rule.of(code) for code in codes)

    def form(self, name: str) -> Form:
        """A form by name (biogas) or code (R04). Raises NotInScheme when there is none."""
        if name in self._forms_by_name:
            return self._forms_by_name[name]
        known = ", ".join(f"{form.code} {form.name}" for form in self.forms)
        raise NotInScheme(f"no form {name!r}; the forms are: {known}")

    def county(self, code: str) -> OrgUnit:
        """A county of any time, or the municipality, by its code.

        Raises NotInScheme when there never was one.
        """
        if code in self._units_by_code:
            return self._units_by_code[code]
        raise NotInScheme(f"no county with code {code!r} in org_units.csv")

    def period(self, period_id: str) -> PeriodEntry:
        """A period of the calendar. Raises NotInScheme when it is not in it."""
        for entry in self.periods:
            if entry.id == period_id:
                return entry
        known = ", ".join(entry.id for entry in self.periods)
        raise NotInScheme(f"no period {period_id!r} in scheme.yaml; the periods are: {known}")

    def newest_first(self, first: str, last: str) -> list[str]:
        """The periods from one to another in the order of the calendar, both included, backwards.

        Raises NotInScheme where one of the two is not in it, or the range ends before it begins.
        """
        ids = [entry.id for entry in self.periods]
        start, end = (ids.index(self.period(period).id) for period in (first, last))
        if end < start:
            listed = ", ".join(ids)
            raise NotInScheme(
                f"the range from {first} ends with {last}, before it begins; in order: {listed}"
            )
        return ids[start : end + 1][::-1]

    def owing(self, form: Form, period: Period) -> tuple[OrgUnit, ...]:
        """Who owes a form for a period: counties in the order of the tables, or the municipality.

        A period that is not in the calendar calls for every form of its kind.
        """
        calls = next((entry.calls for entry in self.periods if entry.id == period.id), None)
        if period.kind not in form.frequency or (calls is not None and form.name not in calls):
            return ()
        groups = {owed.group for owed in form.owed if owed.covers(period)}
        if MUNICIPALITY in groups:
            return (self.municipality,)
        counties = self.at(period).counties
        return tuple(unit for unit in counties if "all" in groups or groups & unit.groups)

    def filer(self, form: Form, unit: OrgUnit) -> OrgUnit:
        """Who files the figures of a county in a form."""
        return self.municipality if form.of_municipality else unit

    def filers(self, forms: Iterable[Form]) -> tuple[OrgUnit, ...]:
        """Who files some forms: every county, and the municipality where one is its own."""
        own = any(form.of_municipality for form in forms)
        return (*self.counties, *([self.municipality] if own else []))

    def due(self, form: Form, entry: PeriodEntry) -> date:
        """The last day on which a form of a period comes in time."""
        days = form.due_after.get(entry.period.kind)
        return entry.due if days is None else entry.period.end + timedelta(days)

    def forms_owed(self, county: OrgUnit, period: Period) -> tuple[Form, ...]:
        """The forms that a county, or the municipality, owes for a period, as they are then."""
        return tuple(
            form
            for form in self.at(period).forms
            if any(unit.code == county.code for unit in self.owing(form, period))
        )

    def series_code(self, unit: OrgUnit) -> str:
        """The code under which the series of a county goes on, after all mergers."""
        if unit.successor is None:
            return unit.code
        return self.series_code(self.county(unit.successor))

    def unit_label(self, unit: str | None, language: Language) -> str:
        """The printed unit, empty where there is none."""
        return "" if unit is None else self.units[unit].label.in_(language)

    def codes(self, indicator: Indicator) -> CodeList:
        """The code list of a coded indicator."""
        assert indicator.code_list is not None, indicator.name
        return self.code_lists[indicator.code_list]
