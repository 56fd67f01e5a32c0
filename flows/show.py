"""What the command line shows: tables and lines for people who look rather than read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.progress import Progress, TimeElapsedColumn
from rich.table import Table

from flows.house import House
from flows.settings import Site
from schemas import messages
from schemas.findings import Finding, Severity, State
from schemas.models import Rule, Scheme
from schemas.text import Language, Text
from warehouse.contents import FiledFinding
from warehouse.queries import PeriodStatus

if TYPE_CHECKING:  # they import pandas, which takes longer than most looks
    from flows.channels.arrival import Taken
    from flows.trial import Tried
    from warehouse.trace import Trace
    from warehouse.traced_parts import Share
    from warehouse.uses import CellUses

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
    more = " …" if len(finding.cells) > _CELLS_SHOWN else ""
    console = Console()
    console.print(
        f"[{COLOURS[finding.severity]}]{SEVERITIES[finding.severity].in_(language)}[/]"
        f"  {county} {finding.period or ''}  {file_name}  [bold]{_places(finding)}{more}[/bold]"
        f"  {state}",
        soft_wrap=True,
        highlight=False,
    )
    said = (messages.fact, messages.diagnosis, messages.remedy)
    told = " ".join(words for say in said if (words := say(finding, language)))
    console.print(f"    {told}", soft_wrap=True, highlight=False, markup=False)


def _places(finding: Finding) -> str:
    """The first cells of a finding, each sheet named once."""
    by_sheet: dict[str, list[str]] = {}
    for cell in finding.cells[:_CELLS_SHOWN]:
        by_sheet.setdefault(cell.sheet, []).append(cell.address)
    return "; ".join(f"{sheet}!{', '.join(cells)}" for sheet, cells in by_sheet.items())


def print_trace(traced: Trace, scheme: Scheme, language: Language) -> None:
    """A figure, the county values and cells it is made of, and whether they add up."""
    console = Console()
    path = " / ".join(label.in_(language) for label in traced.measure.labels)
    unit = scheme.unit_label(traced.measure.unit, language)
    console.print(
        f"[bold]{traced.unit.name.in_(language)} {traced.period.id}"
        f"  {traced.form.code} {path}: {_number(traced.value)} {unit}[/bold]",
        soft_wrap=True,
        highlight=False,
    )
    counted = traced.measure.aggregation in ("count", "share", "distinct")
    for part in traced.parts:
        if len(traced.parts) > 1:
            console.print(f"{part.label.in_(language)}: {_number(part.value)}")
        for line in _share_lines(part.shares, counted, language):
            console.print(line, soft_wrap=True, highlight=False, markup=False)
    for missing in traced.missing:
        console.print(f"  missing: {missing.code} {missing.name.in_(language)}")
    verdict = "[green]adds up[/green]" if traced.adds_up else "[red]does not add up[/red]"
    console.print(f"{_number(traced.recomputed)} = {_number(traced.value)}: {verdict}")


def print_uses(found: CellUses, scheme: Scheme, language: Language) -> None:
    """The figures that a cell is in, one a line, under what was read in it."""
    console = Console()
    form, label = found.form, found.indicator.label.in_(language)
    console.print(
        f"{found.unit.name.in_(language)} {found.period}  {form.code} {label}"
        f"  v{found.version}: {'—' if found.value is None else found.value}",
        soft_wrap=True,
        highlight=False,
        markup=False,
    )
    for use in found.uses:
        path = " / ".join(label.in_(language) for label in use.measure.labels)
        unit = scheme.unit_label(use.measure.unit, language)
        console.print(
            f"  {form.name}.{use.measure.name}  {use.unit.code} {use.unit.name.in_(language)}"
            f"  {path}: {_number(use.value)} {unit}".rstrip(),
            soft_wrap=True,
            highlight=False,
            markup=False,
        )
    if not found.uses:
        console.print("  in no published figure")


def _share_lines(shares: Sequence[Share], counted: bool, language: Language) -> Iterator[str]:
    """A line for each county: its value, the version and file it is from, and the cells."""
    rows = [
        (
            f"{share.unit.code} {share.unit.name.in_(language)}",
            _number(share.value),
            f"v{share.version}",
            share.file_name,
        )
        for share in shares
    ]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for share, (name, value, *rest) in zip(shares, rows, strict=True):
        padded = [set_cell_size(text, width) for text, width in zip(rest, widths[2:], strict=True)]
        shown = [set_cell_size(name, widths[0]), value.rjust(widths[1]), *padded]
        yield "  ".join(["", *shown, _cells(share, counted)])


def _cells(share: Share, counted: bool) -> str:
    """The cells sheet by sheet, with what was typed where that is more than the number."""
    by_sheet: dict[str, list[str]] = {}
    for traced in share.cells:
        told = "" if traced.typed is None else f" ({traced.typed})"
        number = "" if counted else f"={_number(traced.value)}{told}"
        by_sheet.setdefault(traced.cell.sheet, []).append(f"{traced.cell.address}{number}")
    between = ", " if counted else " + "
    return between.join(f"{sheet}!{between.join(cells)}" for sheet, cells in by_sheet.items())


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


def _number(value: Decimal | None) -> str:
    return "—" if value is None else f"{value:,f}"


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
