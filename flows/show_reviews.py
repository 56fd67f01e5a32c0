"""Filings and periods as stewards see them, with what was decided, on the command line."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from rich.console import Console

from flows.house import House
from flows.show import table_of
from warehouse.closings import Closing
from warehouse.reviews import Decision
from warehouse.worklist import ListedFiling

_COLOURS = {"refused": "red", "returned": "red", "provisional": "yellow", "accepted": "green"}


def print_filings(house: House, filings: Iterable[ListedFiling]) -> None:
    """One line for each filing, and under it each decision with its day, name and reason."""
    console, language = Console(), house.language
    zone = ZoneInfo(house.site.settings.schedule_timezone)
    table = table_of("filings", "filing")
    for heading in ("period", "county", "form", "version", "standing", "errors", "warnings"):
        table.add_column(heading)
    table.add_column("file and decisions", overflow="fold")
    for filing in filings:
        decided = (_told(review.decision, review.action, zone) for review in filing.reviews)
        colour = _COLOURS.get(filing.standing, "dim")
        table.add_row(
            str(filing.id),
            filing.period,
            house.scheme.county(filing.county).name.in_(language),
            house.scheme.form(filing.form).code,
            str(filing.version),
            f"[{colour}]{filing.standing}[/]",
            str(filing.errors),
            str(filing.warnings),
            "\n".join((filing.file_name, *decided)).replace("[", r"\["),
        )
    console.print(table if table.row_count else "nothing to decide")


def print_closings(house: House, closings: Iterable[Closing]) -> None:
    """A line for each time that a period was closed or reopened."""
    console, zone = Console(), ZoneInfo(house.site.settings.schedule_timezone)
    for closing in closings:
        line = f"{closing.period}  {_told(closing.decision, closing.turn, zone)}"
        console.print(line, soft_wrap=True, highlight=False, markup=False)


def _told(decision: Decision, what: str, zone: ZoneInfo) -> str:
    return f"{decision.at.astimezone(zone):%Y-%m-%d %H:%M} {decision.by}: {what} ({decision.why})"
