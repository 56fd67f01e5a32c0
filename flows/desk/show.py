"""What the command line shows: tables and lines for people who look rather than read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import Progress, TimeElapsedColumn
from rich.table import Table

from flows.configuration.settings import Site
from flows.house import House
from schemas import causes, messages
from schemas.findings import Finding, Severity, State
from schemas.models import Rule, Scheme
from schemas.text import Language, Text
from warehouse.consolidation.contents import FiledFinding
from warehouse.queries import PeriodStatus

if TYPE_CHECKING:  # they import pandas, which takes longer than most looks
    from flows.channels.arrival import Taken
    from flows.desk.trial import Tried

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTICE: "blue"}
SEVERITIES = {
    Severity.ERROR: Text(zh="强制性", en="error"),
    Severity.WARNING: Text(zh="核实性", en="warning"),
    Severity.NOTICE: Text(zh="提示性", en="notice"),
}
STATES = {
    State.OPEN: Text(zh="未处理", en="open"),
    State.EXPLAINED: Text(zh="已说明", en="explained"),
    State.CORRECTED: Text(zh="已改正", en="corrected"),
    State.ACCEPTED: Text(zh="已认可", en="accepted"),
    State.RETURNED: Text(zh="已退回", en="returned"),
}
ON_TRIAL = Text(zh="试行", en="on trial")
EXPLANATION = Text(zh="说明", en="explanation")
_CELLS_SHOWN = 4


def print_line(line: str) -> None:
    """A line as it is, however wide the window."""
    Console().print(line, soft_wrap=True, highlight=False, markup=False)


def print_taken(taken: Taken) -> None:
    """What a channel has brought, what was left there, and what went wrong."""
    print_line(f"{taken.channel}: {taken.received} files, {taken.new} new")
    for left in taken.left:
        print_line(f"  left where it was: {left}")
    if taken.failure is not None:
        print_line(f"  failed: {taken.failure}")


def print_opened(site: Site, address: str) -> None:
    """Say where the upload page of a site is."""
    print_line(f"upload page {address}   site {site.folder}   stop with Ctrl-C")


def print_serving(site: Site, address: str) -> None:
    """Say where the page is and when the next night runs."""
    settings = site.settings
    Console().print(
        f"page {address}   schedule {settings.schedule_cron!r} {settings.schedule_timezone}   "
        f"site {site.folder}   stop with Ctrl-C",
        soft_wrap=True,
    )


def print_status(periods: Iterable[PeriodStatus], site: Site, language: Language) -> None:
    """How far each period and form is."""
    console = Console()
    zone = ZoneInfo(site.settings.schedule_timezone)
    for status in periods:
        title = f"{status.period.id}  {_published(status.serial, status.published_at, zone)}"
        table = table_of(title, "form")
        for heading in ("owed", "reported", "provisional", "refused", "findings"):
            table.add_column(heading, justify="right", no_wrap=heading != "findings")
        for form in status.forms:
            table.add_row(
                f"{form.form.code} {form.form.title.in_(language)}",
                str(form.owed),
                str(form.reported),
                str(form.provisional),
                str(form.refused),
                counted(form.findings),
            )
        console.print(table)
        console.print(f"findings: {counted(status.findings)}")


def print_filed(filed: FiledFinding, scheme: Scheme, language: Language) -> None:
    """A finding of the warehouse, how far people have come with it, and what was explained."""
    state = STATES[filed.state].in_(language)
    if filed.finding.trial:
        state = ON_TRIAL.in_(language)
    print_finding(filed.file_name or "", filed.finding, scheme, language, state)
    if (said := filed.explanation) is not None:
        told = "" if said.rejected is None else f"  ✗ {said.rejected.why} ({said.rejected.by})"
        console = Console()
        console.print(
            f"    {EXPLANATION.in_(language)} {said.id}: {said.text}{told}",
            soft_wrap=True,
            highlight=False,
            markup=False,
        )


def print_finding(
    file_name: str, finding: Finding, scheme: Scheme, language: Language, state: str = ""
) -> None:
    """One finding: how grave, whose, where, what is the case and what to do."""
    county = scheme.county(finding.county).name.in_(language) if finding.county else ""
    more = " …" if len(finding.each_area) > _CELLS_SHOWN else ""
    console = Console()
    console.print(
        f"[{COLOURS[finding.severity]}]{SEVERITIES[finding.severity].in_(language)}[/]"
        f"  {county} {finding.period or ''}  {file_name}  [bold]{_places(finding)}{more}[/bold]"
        f"  {state}",
        soft_wrap=True,
        highlight=False,
    )
    said = (messages.fact, causes.diagnosis, messages.remedy)
    told = " ".join(words for say in said if (words := say(finding, language)))
    console.print(f"    {told}", soft_wrap=True, highlight=False, markup=False)


def _places(finding: Finding) -> str:
    """The first cells of a finding, each sheet named once."""
    by_sheet: dict[str, list[str]] = {}
    for cell in finding.each_area[:_CELLS_SHOWN]:
        by_sheet.setdefault(cell.sheet, []).append(cell.address)
    return "; ".join(f"{sheet}!{', '.join(cells)}" for sheet, cells in by_sheet.items())


def table_of(title: str, first: str) -> Table:
    """A table with a bold title and its first column."""
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column(first, overflow="fold")
    return table


def counted(counts: Mapping[Severity, int]) -> str:
    """How many findings of each severity, coloured; "none" where there are none."""
    return (
        ", ".join(
            f"[{COLOURS[severity]}]{counts[severity]} {severity.value}[/]"
            for severity in Severity
            if counts.get(severity)
        )
        or "none"
    )


def _published(serial: int | None, at: datetime | None, zone: ZoneInfo) -> str:
    if serial is None or at is None:
        return "not published yet"
    return f"publication {serial} of {at.astimezone(zone):%Y-%m-%d %H:%M}"


def print_tried(house: House, rule: Rule, periods: Iterable[Tried]) -> None:
    """How a rule comes out over the accepted returns of each period, and whose fail it."""
    language = house.language
    table = table_of(f"{rule.id}  {rule.label.in_(language)}", "period")
    for heading in ("returns", "passed", "failed", "undetermined"):
        table.add_column(heading, justify="right")
    table.add_column("failed by", overflow="fold")
    for tried in periods:
        names = [house.scheme.county(code).name.in_(language) for code in tried.failing]
        counts = (tried.returns, tried.passed, tried.failed, tried.undetermined)
        table.add_row(tried.period, *map(str, counts), ", ".join(names))
    Console().print(table if table.row_count else "no accepted returns")


def print_progress(steps: Iterable[tuple[int, int, Path]]) -> None:
    """Tell each file as it is written, and how far it is until all are."""
    console = Console()
    with Progress(*Progress.get_default_columns(), TimeElapsedColumn(), console=console) as bar:
        task = bar.add_task("", total=None)
        for done, of, path in steps:
            bar.update(task, completed=done, total=of)
            console.print(str(path), soft_wrap=True, highlight=False, markup=False)
