"""Who is to be reminded of what on a day: counties of what they owe, stewards of what is overdue.

A day that was missed is made up for once, within a week; earlier reminders are not sent late.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from flows.house import House
from flows.message import Message
from flows.telling import letters
from flows.telling.owing import Owed, owing
from flows.telling.telling import Telling, of_counties, stewards
from schemas.models import OrgUnit
from warehouse.notices import Notice

_MADE_UP_FOR_DAYS = 7


def reminders(house: House, at: datetime) -> list[Telling]:
    """What is to be told at a moment, whether or not it was told before."""
    owed = list(owing(house, at))
    return [*_to_counties(house, owed, at), *_to_stewards(house, owed, at)]


def _to_counties(
    house: House, not_filed: list[tuple[OrgUnit, Owed]], at: datetime
) -> Iterator[Telling]:
    days = house.site.settings.remind_days
    for contact, county in of_counties(house):
        groups: dict[str, list[Owed]] = defaultdict(list)
        for unit, owed in not_filed:
            step = max((day for day in days if day <= owed.late), default=None)
            if unit.code == county.code and step is not None and _is_fresh(owed.late - step):
                groups[f"{owed.period} {owed.due} {step:+d}"].append(owed)
        for about, forms in groups.items():
            subject, text = letters.of_reminder(county, forms, house.language)
            yield Telling(Notice("reminder", about, contact.name, at), Message(subject, text))


def _to_stewards(
    house: House, not_filed: list[tuple[OrgUnit, Owed]], at: datetime
) -> Iterator[Telling]:
    after = house.site.settings.escalate_days
    groups: dict[tuple[str, date, int], list[tuple[OrgUnit, Owed]]] = defaultdict(list)
    for unit, owed in not_filed:
        if _is_fresh(owed.late - after):
            groups[owed.period, owed.due, owed.late].append((unit, owed))
    for (period, due, late), each in groups.items():
        subject, text = letters.of_escalation(
            period, due, late, _by_county(house, each), house.language
        )
        for contact in stewards(house.site.settings):
            notice = Notice("reminder", f"{period} {due} overdue", contact.name, at)
            yield Telling(notice, Message(subject, text))


def _by_county(house: House, late: list[tuple[OrgUnit, Owed]]) -> Mapping[str, list[str]]:
    language = house.language
    owed_by: dict[str, list[str]] = defaultdict(list)
    for unit, owed in late:
        owed_by[unit.name.in_(language)].append(owed.title(language))
    return owed_by


def _is_fresh(days_since: int) -> bool:
    return 0 <= days_since < _MADE_UP_FOR_DAYS
