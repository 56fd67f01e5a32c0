"""Filings and periods as stewards see them, with what was decided, on the command line."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from rich.console import Console

from flows.house import House
from flows.show import counted, print_line
from schemas.findings import Severity
from warehouse.closings import Closing
from warehouse.reviews import Decision
from warehouse.worklist import ListedFiling

_COLOURS = {"refused": "red", "returned": "red", "provisional": "yellow", "accepted": "green"}


def print_filings(house: House, filings: Iterable[ListedFiling]) -> None:
    """A line for each filing, and under it its file and each decision: its day, name, reason."""
    console, language = Console(), house.language
    zone = ZoneInfo(house.site.settings.schedule_timezone)
    listed = list(filings)
    if not listed:
        console.print("nothing to decide")
    for filing in listed:
        county = house.scheme.county(filing.county).name.in_(language)
        form = house.scheme.form(filing.form).code
        colour = _COLOURS.get(filing.standing, "dim")
        found = counted({Severity.ERROR: filing.errors, Severity.WARNING: filing.warnings})
        console.print(
            f"filing [bold]{filing.id}[/]  {county} {filing.period} {form} v{filing.version}"
            f"  [{colour}]{filing.standing}[/]  findings: {found}",
            soft_wrap=True,
            highlight=False,
        )
        decided = (_told(review.decision, review.action, zone) for review in filing.reviews)
        for line in (filing.file_name, *decided):
            print_line(f"    {line}")


def print_closings(house: House, closings: Iterable[Closing]) -> None:
    """A line for each time that a period was closed or reopened."""
    console, zone = Console(), ZoneInfo(house.site.settings.schedule_timezone)
    listed = list(closings)
    if not listed:
        console.print("no period was closed or reopened")
    for closing in listed:
        print_line(f"{closing.period}  {_told(closing.decision, closing.turn, zone)}")


def _told(decision: Decision, what: str, zone: ZoneInfo) -> str:
    return f"{decision.at.astimezone(zone):%Y-%m-%d %H:%M} {decision.by}: {what} ({decision.why})"
