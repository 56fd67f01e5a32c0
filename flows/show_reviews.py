"""The filings that stewards decide about, and the history of each, as the command line shows it."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from rich.console import Console

from flows.house import House
from flows.show import table_of
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
        told = [filing.file_name]
        for review in filing.reviews:
            decision = review.decision
            day = f"{decision.at.astimezone(zone):%Y-%m-%d %H:%M}"
            told.append(f"{day} {decision.by}: {review.action} ({decision.why})")
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
            "\n".join(told).replace("[", r"\["),
        )
    console.print(table if table.row_count else "nothing to decide")
