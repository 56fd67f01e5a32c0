"""The reporting scheme as typed, frozen models: what a municipality asks of its counties."""

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr, field_validator, model_validator

from schemas import expression
from schemas.errors import SchemeError
from schemas.findings import Severity
from schemas.life import Dated, Former
from schemas.period import Period, PeriodKind
from schemas.text import Closed, Language, Text, normalise

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Kind = Literal["code", "text", "integer", "decimal", "date"]
Aggregation = Literal["sum", "ratio", "max", "min", "county", "none"]
Nature = Literal["stock", "flow", "cumulative"]
Body = Literal["single", "fixed", "list"]
Format = Literal["id_number", "phone"]

COUNTIES = "counties"
"""The code list of every scheme that holds its counties, by their codes."""

UNITS = "units"
"""The code list of every scheme that holds its units of measure."""

MUNICIPALITY = "municipality"
"""The group of org_units.csv that the municipality itself is in."""


class Unit(Closed):
    """A unit of measure; units of different kinds are never added."""

    label: Text


class Code(Dated):
    """One entry of a code list.

    `unit` is what the numbers of a line are counted in, where the code says what the line is, and
    `decimals` how many decimals they are published with.
    """

    code: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]*$", max_length=40)]
    label: Text
    synonyms: tuple[str, ...] = ()
    unit: str | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] = 0

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every accepted spelling."""
        return (self.code, self.label.zh, self.label.en, *self.synonyms)


class CodeList(Closed):
    """A closed list of what a coded cell may say."""

    codes: tuple[Code, ...]

    @cached_property
    def by_spelling(self) -> Mapping[str, Code]:
        """Every accepted spelling, normalised, to its code."""
        return {normalise(spelling): code for code in self.codes for spelling in code.spellings}

    def on(self, day: date) -> "CodeList":
        """The list with the entries that are in force on a day."""
        codes = tuple(code for code in self.codes if code.holds(day))
        return self if codes == self.codes else CodeList(codes=codes)

    def __getitem__(self, code: str) -> Code:
        for entry in self.codes:
            if entry.code == code:
                return entry
        raise KeyError(code)


class OrgUnit(Dated):
    """The municipality or one of its counties, with every name it is known by.

    `tile_row` and `tile_column` place it on a tile map, counted from 1 at the north-west.
    `successor` is the code of the county it was merged into when its life ended. `formerly` is
    what was said of it up to earlier periods, in their order: its name, its groups.
    """

    code: str
    name: Text
    short_name: str
    traditional_name: str
    old_names: tuple[str, ...] = ()
    old_code: str
    groups: frozenset[str] = frozenset()
    tile_row: int | None = None
    tile_column: int | None = None
    successor: str | None = None
    formerly: tuple["OrgUnit", ...] = ()

    @property
    def spellings(self) -> frozenset[str]:
        """The names, of all times, that identify this unit and no other, normalised."""
        now = (self.code, self.name.zh, self.name.en, self.short_name, self.traditional_name)
        names = (*now, *self.old_names)
        own = frozenset(normalise(name) for name in names if name)
        return own.union(*(unit.spellings for unit in self.formerly))

    def on(self, day: date) -> "OrgUnit":
        """The unit under what was said of it on a day."""
        then = next((unit for unit in self.formerly if day <= unit.ends), self)
        return then.model_copy(update={"formerly": ()}) if self.formerly else self


def county_codes(counties: Iterable[OrgUnit]) -> CodeList:
    """The code list of counties, each under every name it is known by."""
    return CodeList(
        codes=tuple(
            Code(code=unit.code, label=unit.name, synonyms=tuple(sorted(unit.spellings)))
            for unit in counties
        )
    )


class Indicator(Dated):
    """One column of a form.

    `decimals` is the number of decimals kept and printed. `computed` is the arithmetic that gives
    the value from other columns of the line: the workbook computes it, the checks recompute it.
    `aggregation` says what a county and the municipality make of the lines: `county` is shown for
    each county and has no municipal figure.
    `nature` says what the number is in time: a `stock` is so at the end of the period, a `flow`
    came about in the period, a `cumulative` number since the beginning of the year. Flows of
    months add up to the year's; of the others the last one is the year's.
    `unit_from` names the coded column that says the unit of each line instead of `unit`; lines are
    then only added up unit by unit.
    `key` columns together tell the lines of one filing apart. `personal` columns are kept apart
    and are never published. `formerly` is what the column was called up to earlier periods, in
    their order: it is the same column, and its figures are one series.
    """

    name: Identifier
    label: Text
    kind: Kind
    unit: str | None = None
    unit_from: str | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    code_list: str | None = None
    key: bool = False
    required: bool = True
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    computed: str | None = None
    aggregation: Aggregation = "none"
    nature: Nature | None = None
    personal: bool = False
    format: Format | None = None
    group: Text | None = None
    synonyms: tuple[str, ...] = ()
    help: Text | None = None
    formerly: tuple[Former, ...] = ()

    @property
    def spellings(self) -> frozenset[str]:
        """What its heading may say, normalised: its labels of all times and its synonyms."""
        labels = (self.label, *(former.label for former in self.formerly))
        words = (word for label in labels for word in (label.zh, label.en))
        return frozenset(map(normalise, (*words, *self.synonyms)))

    def label_on(self, day: date) -> Text:
        """What the column is called on a day."""
        return next((former.label for former in self.formerly if day <= former.ends), self.label)

    @property
    def numeric(self) -> bool:
        """Whether cells of this column hold a number."""
        return self.kind in ("integer", "decimal")

    @cached_property
    def formula(self) -> expression.Node | None:
        """The parsed `computed` arithmetic."""
        return None if self.computed is None else expression.parse_value(self.computed)

    @property
    def half_width(self) -> Decimal:
        """How far a stated value may lie from the true one: half a unit of its last decimal.

        Counts are exact.
        """
        return Decimal(0) if self.kind != "decimal" else Decimal(5).scaleb(-self.decimals - 1)


class Rule(Dated):
    """A statement that must hold on every line of a form, and what it means when it does not.

    `label` says what is stated, in words; `when` limits the rule to lines where it holds.
    A rule about a whole and its parts (其中) names them instead of a `check`:
    `{whole: transferred, parts: [away, local], exhaustive: true}` states that the parts make up
    the whole; parts that are not exhaustive make up no more than it.
    """

    id: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*-[a-z0-9-]+$")]
    check: str
    label: Text
    severity: Severity = Severity.ERROR
    when: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _whole_and_parts(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "whole" not in data:
            return data
        stated = dict(data)
        whole, parts = stated.pop("whole"), stated.pop("parts", [])
        if "check" in stated or not isinstance(parts, list) or not parts:
            raise ValueError("a rule has either a check, or a whole and the list of its parts")
        made_up = " + ".join(map(str, parts))
        exhaustive = stated.pop("exhaustive", False)
        check = f"{whole} = {made_up}" if exhaustive else f"{made_up} ≤ {whole}"
        return {**stated, "check": check}

    @cached_property
    def comparison(self) -> expression.Comparison:
        """The parsed statement."""
        return expression.parse_comparison(self.check)

    @cached_property
    def condition(self) -> expression.Comparison | None:
        """The parsed `when`."""
        return None if self.when is None else expression.parse_comparison(self.when)


class Relation(Rule):
    """A statement over figures of a county: of other forms, other periods, other levels.

    `form` is the form that is judged: its filing gets the finding. Figures are named as
    `schemas.references` says.
    """

    form: Identifier


class RuleFile(Closed):
    """One file of the folder `rules`."""

    rules: tuple[Relation, ...]

    def on(self, day: date) -> "RuleFile":
        """The file with the rules that are in force on a day."""
        return RuleFile(rules=tuple(rule for rule in self.rules if rule.holds(day)))


class Line(Closed):
    """What one line of a form is, so that lines can be counted: a site, a station, a household."""

    name: Identifier
    label: Text
    unit: str


class Share(Closed):
    """A column of the consolidated table: how many of a hundred lines satisfy `where`."""

    name: Identifier
    label: Text
    where: dict[Identifier, str | Decimal]


class MeasureGroup(Closed):
    """A block of columns of the consolidated table.

    Takes `measures` (indicator names, or the form's line name to count lines) over the lines that
    satisfy `where`; `by` repeats the block for each entry of that column's code list, after a
    block for all of them unless `total` is off. `shares` are, besides, columns with the percentage
    of these lines that satisfy a further condition.
    """

    measures: tuple[Identifier, ...] = ()
    shares: tuple[Share, ...] = ()
    label: Text | None = None
    prefix: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]*_)?$")] = ""
    where: dict[Identifier, str | Decimal] = Field(default_factory=dict)
    by: Identifier | None = None
    total: bool = True

    def on(self, form: "Form", code_lists: Mapping[str, CodeList]) -> "MeasureGroup | None":
        """The block in the form as it is on a day; None where nothing of it is left."""
        limits = [*self.where.items(), *([(self.by, None)] if self.by else [])]
        measures = tuple(n for n in self.measures if n == form.line.name or n in form.by_name)
        if not measures or not all(_known(form, code_lists, *limit) for limit in limits):
            return None
        return self if measures == self.measures else self.model_copy(update={"measures": measures})


def _known(
    form: "Form", code_lists: Mapping[str, CodeList], name: str, value: str | Decimal | None
) -> bool:
    """Whether a form has a column, and its code list, if it has one, a value."""
    if name not in form.by_name:
        return False
    code_list = form[name].code_list
    codes = () if code_list is None else code_lists[code_list].codes
    return code_list is None or value is None or any(code.code == value for code in codes)


class Owed(Closed):
    """From which period to which period (both included) a group of counties owes a form."""

    group: str
    since: str
    until: str | None = None

    def covers(self, period: Period) -> bool:
        """Whether the form is owed for a period."""
        starts = Period.parse(self.since).start <= period.start
        return starts and (self.until is None or period.end <= Period.parse(self.until).end)


class Form(Closed):
    """One table of the scheme, declared once.

    `body` says what its lines are: one line for the county, one per entry of the code list of
    `fixed_by`, or an open list. `document_no` is the 表号. `due_after` is by how many days after
    the end of a period of a kind it is due, where that is not the calendar's date.

    `summary` names the columns of its consolidated table whose municipal figures stand in the
    report of the period; a form that is the `report` has their lines.

    A form that the municipality owes is filed by the city itself: one filing, whose lines may name
    their county in a column of the code list `counties`.
    """

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]*$")]
    name: Identifier
    document_no: str
    title: Text
    body: Body
    fixed_by: Identifier | None = None
    frequency: tuple[PeriodKind, ...]
    owed: tuple[Owed, ...]
    due_after: dict[PeriodKind, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    line: Line
    indicators: tuple[Indicator, ...]
    rules: tuple[Rule, ...] = ()
    consolidated: tuple[MeasureGroup, ...]
    summary: tuple[Identifier, ...] = ()
    report: bool = False
    notes: tuple[Text, ...] = ()

    def __getitem__(self, name: str) -> Indicator:
        return self.by_name[name]

    @cached_property
    def by_name(self) -> Mapping[str, Indicator]:
        """The indicators by name."""
        return {indicator.name: indicator for indicator in self.indicators}

    @cached_property
    def totalled(self) -> frozenset[str]:
        """The indicators of whose lines there is one total: those in one unit."""
        mixed = {i.name for i in self.indicators if i.unit_from is not None}
        return frozenset(
            i.name
            for i in self.indicators
            if i.aggregation not in ("county", "none")
            and mixed.isdisjoint((i.name, *(expression.names(i.formula) if i.formula else ())))
        )

    @property
    def prints_units(self) -> bool:
        """Whether each printed line has the unit of its code beside it."""
        return any(i.unit_from and i.unit_from == self.fixed_by for i in self.indicators)

    @property
    def of_municipality(self) -> bool:
        """Whether the municipality files it, and not each county its own."""
        return any(owed.group == MUNICIPALITY for owed in self.owed)

    @property
    def county_column(self) -> str | None:
        """The column that names the county of a line, in a filing of the municipality."""
        named = (i.name for i in self.indicators if i.code_list == COUNTIES)
        return next(named, None) if self.of_municipality else None

    @property
    def key_indicators(self) -> tuple[Indicator, ...]:
        """The columns that tell the lines of a filing apart; none for a single-line form."""
        return tuple(indicator for indicator in self.indicators if indicator.key)

    def on(self, day: date, code_lists: Mapping[str, CodeList]) -> "Form":
        """The form as it is on a day on which the code lists are these."""
        living = [indicator for indicator in self.indicators if indicator.holds(day)]
        indicators = tuple(_called_on(indicator, day, living) for indicator in living)
        rules = tuple(rule for rule in self.rules if rule.holds(day))
        then = self.model_copy(update={"indicators": indicators, "rules": rules})
        blocks = (group.on(then, code_lists) for group in self.consolidated)
        consolidated = tuple(group for group in blocks if group is not None)
        same = (self.indicators, self.rules, self.consolidated)
        if (indicators, rules, consolidated) == same:
            return self
        return then.model_copy(update={"consolidated": consolidated})

    @property
    def sheet_name(self) -> str:
        """The name of the form's sheet in Chinese, at most 31 characters as Excel allows."""
        return self.sheet_name_in("zh")

    def sheet_name_in(self, language: Language) -> str:
        """The name of the form's sheet, at most 31 characters as Excel allows."""
        return f"{self.code} {self.title.in_(language)}".translate(_SHEET_NAME)[:31]


_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def _called_on(indicator: Indicator, day: date, columns: list[Indicator]) -> Indicator:
    """A column under its heading of a day; its other headings are read too, unless they are those
    of another of the columns on that day.
    """
    if not indicator.formerly:
        return indicator
    labels = (other.label_on(day) for other in columns if other is not indicator)
    taken = {normalise(word) for label in labels for word in (label.zh, label.en)}
    label, names = indicator.label_on(day), sorted(indicator.spellings - taken)
    return indicator.model_copy(update={"label": label, "synonyms": tuple(names), "formerly": ()})


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

        Periods between two changes have the same scheme, which is the same object.
        """
        whole, era = self.whole, self.era(period)
        if not whole.changes:
            return whole
        if era not in whole._eras:
            whole._eras[era] = whole._on(period.end)
        return whole._eras[era]

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

    def _dated(self) -> Iterator[Dated | Former]:
        units = (self.municipality, *self.counties)
        yield from units
        yield from (former for unit in units for former in unit.formerly)
        yield from (code for codes in self.code_lists.values() for code in codes.codes)
        yield from self.relations
        for form in self.forms:
            yield from (*form.indicators, *form.rules)
            yield from (former for column in form.indicators for former in column.formerly)

    @cached_property
    def _eras(self) -> dict[int, "Scheme"]:
        return {}

    def _on(self, day: date) -> "Scheme":
        counties = _counties_on(self.counties, day)
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

    @property
    def relations(self) -> tuple[Relation, ...]:
        """The rules between forms, in the order of their files."""
        return tuple(rule for file in self.rule_files.values() for rule in file.rules)

    def form(self, name: str) -> Form:
        """A form by name (biogas) or code (R04). Raises SchemeError when there is none."""
        for form in self.forms:
            if name in (form.name, form.code):
                return form
        known = ", ".join(f"{form.code} {form.name}" for form in self.forms)
        raise SchemeError([f"no form {name!r}; the forms are: {known}"])

    def county(self, code: str) -> OrgUnit:
        """A county of any time, or the municipality, by its code.

        Raises SchemeError when there never was one.
        """
        for unit in (self.municipality, *self.counties, *self.whole.counties):
            if unit.code == code:
                return unit
        raise SchemeError([f"no county with code {code!r} in org_units.csv"])

    def period(self, period_id: str) -> PeriodEntry:
        """A period of the calendar. Raises SchemeError when it is not in it."""
        for entry in self.periods:
            if entry.id == period_id:
                return entry
        known = ", ".join(entry.id for entry in self.periods)
        raise SchemeError([f"no period {period_id!r} in scheme.yaml; the periods are: {known}"])

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


def _counties_on(counties: tuple[OrgUnit, ...], day: date) -> tuple[OrgUnit, ...]:
    """The counties that there are on a day, each known also by its names of other times, unless
    such a name is that of another one on that day.
    """
    then = {unit: unit.on(day) for unit in counties if unit.holds(day)}
    taken = Counter(name for unit in then.values() for name in unit.spellings)
    return tuple(
        unit.model_copy(update={"old_names": (*unit.old_names, *sorted(other_names))})
        if (other_names := {name for name in whole.spellings if not taken[name]})
        else unit
        for whole, unit in then.items()
    )


def form_fingerprint(form: Form) -> str:
    """A digest of everything declared about a form; it changes when the form does."""
    return hashlib.sha256(form.model_dump_json().encode()).hexdigest()
