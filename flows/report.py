"""What a night has done, for the people who watch it: typed, then as a table and as Markdown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from flows.process import Published
from flows.show import counted, table_of
from schemas.findings import Severity
from schemas.text import Language
from warehouse.contents import PublicationContents
from warehouse.load import FilingOutcome


@dataclass(frozen=True)
class NightReport:
    """One night: what came, what became of it, what was published, what went wrong in huizong.

    `failures` are faults of the program or its surroundings, one line each; what is wrong with a
    return is a finding and not a failure.
    """

    received: int
    new: int
    read: int
    outcomes: tuple[FilingOutcome, ...]
    published: tuple[Published, ...]
    failures: tuple[str, ...] = ()

    @property
    def nothing_new(self) -> bool:
        """Whether the night had nothing to do."""
        return not (self.read or self.published or self.failures)

    @property
    def statuses(self) -> Counter[str]:
        """How many filings were accepted, refused, unchanged."""
        return Counter(outcome.status for outcome in self.outcomes)


def severities(contents: PublicationContents) -> dict[Severity, int]:
    """How many findings of each severity a publication lists."""
    counted = Counter(filed.finding.severity for filed in contents.findings)
    return {severity: counted[severity] for severity in Severity}


def completeness(contents: PublicationContents, language: Language) -> list[tuple[str, str, str]]:
    """Per form: its code and title, how many owing counties are in, and which are missing."""
    rows = []
    for table in contents.tables:
        missing = [row.unit.name.in_(language) for row in table.owing if not row.reported]
        rows.append(
            (
                f"{table.form.code} {table.form.title.in_(language)}",
                f"{len(table.reported)}/{len(table.owing)}",
                ", ".join(missing),
            )
        )
    return rows


def markdown(report: NightReport, language: Language) -> str:
    """The report as the Markdown of a Prefect artifact: completeness, findings, links."""
    lines = [f"# Night: {_headline(report)}", ""]
    for published in report.published:
        contents = published.contents
        counts = ", ".join(f"{n} {s.value}" for s, n in severities(contents).items())
        lines += [
            f"## {contents.period.id}, publication {contents.serial}",
            "",
            f"[{published.folder / 'index.html'}]({(published.folder / 'index.html').as_uri()})",
            "",
            f"Findings: {counts}. Revised figures: {len(contents.revisions)}.",
            "",
            "| form | reported | missing |",
            "|---|---|---|",
        ]
        lines += [f"| {' | '.join(row)} |" for row in completeness(contents, language)]
        lines.append("")
    lines += _failure_lines(report.failures)
    return "\n".join(lines)


def _headline(report: NightReport) -> str:
    if report.nothing_new:
        return "nothing new"
    counts = ", ".join(f"{n} {status}" for status, n in sorted(report.statuses.items()))
    return f"{report.read} files read, filings: {counts or 'none'}"


def _failure_lines(failures: Sequence[str]) -> list[str]:
    return ["## Failures", "", *(f"- {failure}" for failure in failures)] if failures else []


def print_report(report: NightReport, language: Language) -> None:
    """The summary that ends a night: counts, completeness, findings, and where it was published."""
    console = Console()
    if report.nothing_new:
        console.print(f"nothing new: {report.received} files in the inbox, all known")
        return
    statuses = ", ".join(f"{count} {status}" for status, count in sorted(report.statuses.items()))
    console.print(
        f"[bold]{report.received} files, {report.new} new, {report.read} read[/bold]"
        f"   filings: {statuses or 'none'}"
    )
    for published in report.published:
        contents = published.contents
        table = table_of(f"{contents.period.id}  publication {contents.serial}", "form")
        table.add_column("reported", justify="right")
        table.add_column("missing")
        for row in completeness(contents, language):
            table.add_row(*row)
        console.print(table)
        console.print(f"findings: {counted(severities(contents))}")
        if contents.revisions:
            console.print(f"revised figures: {len(contents.revisions)}")
        for name in ("index.html", "municipal-tables.xlsx", "discrepancies.xlsx"):
            console.print(f"  {published.folder / name}", soft_wrap=True, highlight=False)
    for failure in report.failures:
        console.print(f"[bold red]failed:[/bold red] {failure}", soft_wrap=True)
