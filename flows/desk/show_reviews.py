"""Filings and periods as stewards see them, with what was decided, on the command line."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from rich.console import Console

from flows.desk.show import counted, print_line
from flows.house import House
from schemas.findings import Severity
from warehouse.judging.closings import Closing
from warehouse.judging.judgements import ChangedJudgement
from warehouse.judging.reviews import Decision
from warehouse.stewards.worklist import ListedFiling

_COLOURS = {"refused": "red", "returned": "red", "provisional": "yellow", "accepted": "green"}


def print_filings(house: House, filings: Iterable[ListedFiling]) -> None:
    """A line for each filing, and under it its file, each decision: its day, name, reason; and
    what judging it again has changed.
    """
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
        judged = (_judged(house, change, zone) for change in filing.judged)
        for line in (filing.file_name, *decided, *judged):
            print_line(f"    {line}")


def print_closings(house: House, closings: Iterable[Closing]) -> None:
    """A line for each time that a period was closed or reopened."""
    console, zone = Console(), ZoneInfo(house.site.settings.schedule_timezone)
    listed = list(closings)
    if not listed:
        console.print("no period was closed or reopened")
    for closing in listed:
        print_line(f"{closing.period}  {_told(closing.decision, closing.turn, zone)}")


def _judged(house: House, change: ChangedJudgement, zone: ZoneInfo) -> str:
    """What judging again has changed: rules that fail now (+), that do no longer (-), and why."""
    rules = [*(f"+{rule}" for rule in change.begun), *(f"-{rule}" for rule in change.ended)]
    causes = [
        f"{house.scheme.form(of.form).code} {of.period} version {version}"
        for of, version in change.causes
    ]
    day = f"{change.at.astimezone(zone):%Y-%m-%d %H:%M}"
    return f"{day} judged again: {', '.join(rules)} ({', '.join(causes)})"


def _told(decision: Decision, what: str, zone: ZoneInfo) -> str:
    return f"{decision.at.astimezone(zone):%Y-%m-%d %H:%M} {decision.by}: {what} ({decision.why})"
