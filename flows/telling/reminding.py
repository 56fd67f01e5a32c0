"""Who is to be reminded of what on a day: counties of what they owe, stewards of what is overdue.

A day that was missed is made up for once, within a week; earlier reminders are not sent late.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flows.house import House
from flows.message import Message
from flows.telling import letters
from flows.telling.letters import Owed
from flows.telling.telling import Telling, of_counties, stewards
from schemas.models import OrgUnit, PeriodEntry
from warehouse.engine import reading as looking
from warehouse.notices import Notice
from warehouse.stewards.news import forms_accepted

_MADE_UP_FOR_DAYS = 7


def reminders(house: House, at: datetime) -> list[Telling]:
    """What is to be told at a moment, whether or not it was told before."""
    owing = list(_owing(house, at))
    return [*_to_counties(house, owing, at), *_to_stewards(house, owing, at)]


def _owing(house: House, at: datetime) -> Iterator[tuple[OrgUnit, Owed]]:
    """Each form of an open period that somebody has not filed."""
    today = at.astimezone(ZoneInfo(house.site.settings.schedule_timezone)).date()
    for entry in house.scheme.periods:
        if not entry.closed and entry.opens <= today:
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


def _to_counties(
    house: House, owing: list[tuple[OrgUnit, Owed]], at: datetime
) -> Iterator[Telling]:
    days = house.site.settings.remind_days
    for contact, county in of_counties(house):
        groups: dict[str, list[Owed]] = defaultdict(list)
        for unit, owed in owing:
            step = max((day for day in days if day <= owed.late), default=None)
            if unit.code == county.code and step is not None and _is_fresh(owed.late - step):
                groups[f"{owed.period} {owed.due} {step:+d}"].append(owed)
        for about, forms in groups.items():
            subject, text = letters.of_reminder(county, forms, house.language)
            yield Telling(Notice("reminder", about, contact.name, at), Message(subject, text))


def _to_stewards(
    house: House, owing: list[tuple[OrgUnit, Owed]], at: datetime
) -> Iterator[Telling]:
    after = house.site.settings.escalate_days
    groups: dict[tuple[str, date, int], list[tuple[OrgUnit, Owed]]] = defaultdict(list)
    for unit, owed in owing:
        if _is_fresh(owed.late - after):
            groups[owed.period, owed.due, owed.late].append((unit, owed))
    for (period, due, late), each in groups.items():
        subject, text = letters.of_escalation(
            period, due, late, _by_county(house, each), house.language
        )
        for contact in stewards(house):
            notice = Notice("reminder", f"{period} {due} overdue", contact.name, at)
            yield Telling(notice, Message(subject, text))


def _by_county(house: House, owing: list[tuple[OrgUnit, Owed]]) -> Mapping[str, list[str]]:
    language = house.language
    owed_by: dict[str, list[str]] = defaultdict(list)
    for unit, owed in owing:
        title = f"{owed.form.code} {owed.form.title.in_(language)}"
        owed_by[unit.name.in_(language)].append(title)
    return owed_by


def _is_fresh(days_since: int) -> bool:
    return 0 <= days_since < _MADE_UP_FOR_DAYS
