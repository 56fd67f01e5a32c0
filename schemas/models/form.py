"""The forms: one table of the scheme each, declared once."""

import hashlib
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, PrivateAttr

from schemas.language import expression
from schemas.life import Changed
from schemas.models.areas import Areas
from schemas.models.codes import COUNTIES, CodeList
from schemas.models.consolidated import Line, MeasureGroup
from schemas.models.identifier import Identifier
from schemas.models.indicator import Indicator, called_on
from schemas.models.org_unit import MUNICIPALITY
from schemas.models.rule import Rule
from schemas.period import Period, PeriodKind
from schemas.text import Closed, Language, Text, normalise

PUBLISHED_BESIDE = frozenset(
    {
        "contract",
        "dictionary",
        "measures",
        "counties",
        "calendar",
        "publications",
        "completeness",
        "findings",
        "observations",
        "history",
        "reconciliation",
        "revisions",
        "sources",
        "townships",
        "triangle",
    }
)
"""The names of what is published beside the tables of the forms; no form has one."""

Body = Literal["single", "fixed", "list"]


class Owed(Closed):
    """From which period to which period (both included) a group of counties owes a form."""

    group: str
    since: str
    until: str | None = None

    def covers(self, period: Period) -> bool:
        """Whether the form is owed for a period."""
        starts = Period.parse(self.since).start <= period.start
        return starts and (self.until is None or period.end <= Period.parse(self.until).end)


class FormerForm(Changed):
    """How a form was printed up to a period, as far as that was otherwise, and why it changed."""

    title: Text | None = None
    document_no: str | None = None
    notes: tuple[Text, ...] | None = None


class Form(Closed):
    """One table of the scheme, declared once.

    `body` says what its lines are: one line for the county, one per entry of the code list of
    `fixed_by`, or an open list. `document_no` is the 表号. `due_after` is by how many days after
    the end of a period of a kind it is due, where that is not the calendar's date. `formerly` is
    how it was printed up to earlier periods, in their order.

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
    areas: Areas | None = None
    summary: tuple[Identifier, ...] = ()
    report: bool = False
    notes: tuple[Text, ...] = ()
    formerly: tuple[FormerForm, ...] = ()
    _asked_on: date | None = PrivateAttr(default=None)

    def __hash__(self) -> int:
        # Cheap, so that what is compiled from a form can be kept by it.
        return hash((self.code, self.name))

    def __getitem__(self, name: str) -> Indicator:
        return self.by_name[name]

    @cached_property
    def by_name(self) -> Mapping[str, Indicator]:
        """The indicators by name."""
        return {indicator.name: indicator for indicator in self.indicators}

    @property
    def names(self) -> frozenset[str]:
        """Its titles and 表号 of all times, normalised: by any of them a sheet is known."""
        titles = (self.title, *(former.title for former in self.formerly if former.title))
        numbers = (self.document_no, *(f.document_no for f in self.formerly if f.document_no))
        words = (word for title in titles for word in (title.zh, title.en))
        return frozenset(map(normalise, (*words, *numbers)))

    def printed_on(self, day: date) -> "Form":
        """The form under its title, 表号 and notes of a day."""
        former = next((former for former in self.formerly if day <= former.ends), None)
        if former is None:
            return self
        return self.model_copy(
            update={
                "title": former.title or self.title,
                "document_no": former.document_no or self.document_no,
                "notes": self.notes if former.notes is None else former.notes,
            }
        )

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

    @cached_property
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

    @property
    def pseudonymous(self) -> tuple[Indicator, ...]:
        """The personal columns in which persons are told apart without being known."""
        counted = {each.of for group in self.consolidated for each in group.distinct}
        return tuple(
            i for i in self.indicators if i.personal and (i.one_county or i.name in counted)
        )

    def on(self, day: date, code_lists: Mapping[str, CodeList]) -> "Form":
        """The form as it is on a day on which the code lists are these."""
        living = [indicator for indicator in self.indicators if indicator.holds(day)]
        indicators = tuple(called_on(indicator, day, living) for indicator in living)
        rules = tuple(rule for rule in self.rules if rule.holds(day))
        printed = self.printed_on(day)
        then = printed.model_copy(update={"indicators": indicators, "rules": rules})
        blocks = (group.over(self.line, then.by_name, code_lists) for group in self.consolidated)
        consolidated = tuple(group for group in blocks if group is not None)
        areas = None if self.areas is None else self.areas.over(self.line, then.by_name)
        same = (self.indicators, self.rules, self.consolidated, self.areas)
        if (indicators, rules, consolidated, areas) == same:
            return printed
        return then.model_copy(update={"consolidated": consolidated, "areas": areas})

    @property
    def of_period(self) -> bool:
        """Whether what must hold on its lines depends on the period that is asked of."""
        ages = (i for i in self.indicators if i.in_id is not None and i.in_id.says == "age")
        return any(ages) or any(rule.of_period for rule in self.rules)

    @property
    def asked_on(self) -> date | None:
        """The day on which ages are counted: the last one of the period it is asked of."""
        return self._asked_on

    def asked_of(self, period: Period) -> "Form":
        """The form with its rules as they are asked of a period."""
        if not self.of_period:
            return self
        asked = self.model_copy(update={"rules": tuple(r.asked_of(period) for r in self.rules)})
        asked._asked_on = period.end
        return asked

    @property
    def sheet_name(self) -> str:
        """The name of the form's sheet in Chinese, at most 31 characters as Excel allows."""
        return self.sheet_name_in("zh")

    def sheet_name_in(self, language: Language) -> str:
        """The name of the form's sheet, at most 31 characters as Excel allows."""
        return f"{self.code} {self.title.in_(language)}".translate(_SHEET_NAME)[:31]


_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def form_fingerprint(form: Form) -> str:
    """A digest of everything declared about a form; it changes when the form does."""
    return hashlib.sha256(form.model_dump_json().encode()).hexdigest()
