"""The reporting scheme as typed, frozen models: what a municipality asks of its counties."""

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, field_validator

from schemas import expression
from schemas.errors import SchemeError
from schemas.findings import Severity
from schemas.period import Period, PeriodKind
from schemas.text import Closed, Language, Text, normalise

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Kind = Literal["code", "text", "integer", "decimal", "date"]
Aggregation = Literal["sum", "ratio", "max", "county", "none"]
Body = Literal["single", "fixed", "list"]
Format = Literal["id_number", "phone"]


class Unit(Closed):
    """A unit of measure; units of different kinds are never added."""

    label: Text


class Code(Closed):
    """One entry of a code list."""

    code: Identifier
    label: Text
    synonyms: tuple[str, ...] = ()


class CodeList(Closed):
    """A closed list of what a coded cell may say."""

    codes: tuple[Code, ...]

    @cached_property
    def by_spelling(self) -> Mapping[str, Code]:
        """Every accepted spelling, normalised, to its code."""
        return {
            normalise(spelling): code
            for code in self.codes
            for spelling in (code.code, code.label.zh, code.label.en, *code.synonyms)
        }

    def __getitem__(self, code: str) -> Code:
        for entry in self.codes:
            if entry.code == code:
                return entry
        raise KeyError(code)


class OrgUnit(Closed):
    """The municipality or one of its counties, with every name it is known by.

    `tile_row` and `tile_column` place it on a tile map, counted from 1 at the north-west.
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

    @property
    def spellings(self) -> frozenset[str]:
        """The names that identify this unit and no other, normalised."""
        now = (self.code, self.name.zh, self.name.en, self.short_name, self.traditional_name)
        names = (*now, *self.old_names)
        return frozenset(normalise(name) for name in names if name)


class Indicator(Closed):
    """One column of a form.

    `decimals` is the number of decimals kept and printed. `computed` is the arithmetic that gives
    the value from other columns of the line: the workbook computes it, the checks recompute it.
    `aggregation` says what a county and the municipality make of the lines: `county` is shown for
    each county and has no municipal figure.
    `unit_from` names the coded column that says the unit of each line instead of `unit`; lines are
    then only added up unit by unit.
    `key` columns together tell the lines of one filing apart. `personal` columns are kept apart
    and are never published.
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
    personal: bool = False
    format: Format | None = None
    group: Text | None = None
    synonyms: tuple[str, ...] = ()
    help: Text | None = None

    @property
    def numeric(self) -> bool:
        """Whether cells of this column hold a number."""
        return self.kind in ("integer", "decimal")

    @property
    def has_total(self) -> bool:
        """Whether the lines of a filing have one total of this column."""
        return self.aggregation in ("sum", "max", "ratio") and self.unit_from is None

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


class Rule(Closed):
    """A statement that must hold on every line of a form, and what it means when it does not.

    `label` says what is stated, in words; `when` limits the rule to lines where it holds.
    """

    id: Annotated[str, Field(pattern=r"^R\d\d-[a-z0-9-]+$")]
    check: str
    label: Text
    severity: Severity = Severity.ERROR
    when: str | None = None

    @cached_property
    def comparison(self) -> expression.Comparison:
        """The parsed statement."""
        return expression.parse_comparison(self.check)

    @cached_property
    def condition(self) -> expression.Comparison | None:
        """The parsed `when`."""
        return None if self.when is None else expression.parse_comparison(self.when)


class Line(Closed):
    """What one line of a form is, so that lines can be counted: a site, a station, a household."""

    name: Identifier
    label: Text
    unit: str


class MeasureGroup(Closed):
    """A block of columns of the consolidated table.

    Takes `measures` (indicator names, or the form's line name to count lines) over the lines that
    satisfy `where`; `by` repeats the block for each entry of that column's code list, after a
    block for all of them unless `total` is off.
    """

    measures: tuple[Identifier, ...]
    label: Text | None = None
    prefix: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]*_)?$")] = ""
    where: dict[Identifier, str | Decimal] = Field(default_factory=dict)
    by: Identifier | None = None
    total: bool = True


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
    `fixed_by`, or an open list. `document_no` is the 表号.
    """

    code: Annotated[str, Field(pattern=r"^R\d\d$")]
    name: Identifier
    document_no: str
    title: Text
    body: Body
    fixed_by: Identifier | None = None
    frequency: tuple[PeriodKind, ...]
    owed: tuple[Owed, ...]
    line: Line
    indicators: tuple[Indicator, ...]
    rules: tuple[Rule, ...] = ()
    consolidated: tuple[MeasureGroup, ...]
    notes: tuple[Text, ...] = ()

    def __getitem__(self, name: str) -> Indicator:
        return self.by_name[name]

    @cached_property
    def by_name(self) -> Mapping[str, Indicator]:
        """The indicators by name."""
        return {indicator.name: indicator for indicator in self.indicators}

    @property
    def key_indicators(self) -> tuple[Indicator, ...]:
        """The columns that tell the lines of a filing apart; none for a single-line form."""
        return tuple(indicator for indicator in self.indicators if indicator.key)

    @property
    def sheet_name(self) -> str:
        """The name of the form's sheet, at most 31 characters as Excel allows."""
        return f"{self.code} {self.title.zh}".translate(_SHEET_NAME)[:31]


_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


class PeriodEntry(Closed):
    """A period of the calendar: when returns may come, when they are due, whether it is closed."""

    id: str
    opens: date
    due: date
    closed: bool = False

    @field_validator("id", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        return str(value) if isinstance(value, int) else value

    @cached_property
    def period(self) -> Period:
        """The period itself."""
        return Period.parse(self.id)


class Scheme(Closed):
    """Everything that is data about what is reported in one municipality."""

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
    fingerprint: str = ""

    def form(self, name: str) -> Form:
        """A form by name (biogas) or code (R04). Raises SchemeError when there is none."""
        for form in self.forms:
            if name in (form.name, form.code):
                return form
        known = ", ".join(f"{form.code} {form.name}" for form in self.forms)
        raise SchemeError([f"no form {name!r}; the forms are: {known}"])

    def county(self, code: str) -> OrgUnit:
        """A county, or the municipality, by its code. Raises SchemeError when there is none."""
        for unit in (self.municipality, *self.counties):
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
        """The counties that owe a form for a period, in the order of the tables."""
        if period.kind not in form.frequency:
            return ()
        groups = {owed.group for owed in form.owed if owed.covers(period)}
        return tuple(unit for unit in self.counties if "all" in groups or groups & unit.groups)

    def forms_owed(self, county: OrgUnit, period: Period) -> tuple[Form, ...]:
        """The forms that a county owes for a period, in the order of the scheme."""
        return tuple(form for form in self.forms if county in self.owing(form, period))

    def unit_label(self, unit: str | None, language: Language) -> str:
        """The printed unit, empty where there is none."""
        return "" if unit is None else self.units[unit].label.in_(language)

    def codes(self, indicator: Indicator) -> CodeList:
        """The code list of a coded indicator."""
        assert indicator.code_list is not None, indicator.name
        return self.code_lists[indicator.code_list]


def form_fingerprint(form: Form) -> str:
    """A digest of everything declared about a form; it changes when the form does."""
    return hashlib.sha256(form.model_dump_json().encode()).hexdigest()
