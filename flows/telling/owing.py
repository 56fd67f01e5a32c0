"""Who owes which forms of the periods that are open."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flows.house import House
from schemas.models import Form, OrgUnit, PeriodEntry
from schemas.text import Language
from warehouse.engine import reading as looking
from warehouse.judging.closings import closing_history, is_closed
from warehouse.stewards.due import periods_begun
from warehouse.stewards.news import forms_accepted


@dataclass(frozen=True)
class Owed:
    """A form that somebody owes: until when, and how many days late it is."""

    form: Form
    period: str
    due: date
    late: int

    def title(self, language: Language) -> str:
        """Its code and name."""
        return f"{self.form.code} {self.form.title.in_(language)}"


def owing(house: House, at: datetime) -> Iterator[tuple[OrgUnit, Owed]]:
    """Each form of an open period that somebody has not filed.

    A period that the scheme or a steward has closed is owed nothing any more.
    """
    today = at.astimezone(ZoneInfo(house.site.settings.schedule_timezone)).date()
    with looking(house.engine) as connection:
        closings = closing_history(connection)
    for entry in house.scheme.periods:
        if entry.opens <= today and not is_closed(entry, closings):
            yield from _owing_for(house, entry, today)


def _owing_for(house: House, entry: PeriodEntry, today: date) -> Iterator[tuple[OrgUnit, Owed]]:
    scheme = house.scheme.at(entry.period)
    with looking(house.engine) as connection:
        filed = forms_accepted(connection, entry.id)
    for form in scheme.forms:
        due = scheme.due(form, entry)
        for unit in scheme.owing(form, entry.period):
            if (unit.code, form.name) not in filed:
                yield unit, Owed(form, entry.id, due, (today - due).days)


def missing(house: House, at: datetime, told: Iterable[str]) -> Mapping[str, list[str]]:
    """By period, a line for each form that is missing and who owes it.

    Of the periods for which something came, but for those that are told of otherwise.
    """
    with looking(house.engine) as connection:
        periods = {*periods_begun(connection, house.scheme)}.difference(told)
    language = house.language
    owed_by: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for unit, owed in owing(house, at):
        if owed.period in periods:
            owed_by[owed.period][owed.title(language)].append(unit.name.in_(language))
    return {
        period: [f"{form}: {', '.join(units)}" for form, units in forms.items()]
        for period, forms in owed_by.items()
    }


def counts_missing(house: House, at: datetime) -> Mapping[str, int]:
    """How many returns are missing of each open period for which something came, if only none."""
    with looking(house.engine) as connection:
        begun = periods_begun(connection, house.scheme)
        closings = closing_history(connection)
    counted = Counter(owed.period for _, owed in owing(house, at))
    still_open = {entry.id for entry in house.scheme.periods if not is_closed(entry, closings)}
    return {period: counted[period] for period in begun if period in still_open}
