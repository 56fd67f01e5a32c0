"""What a night has done, for the people who watch it: typed, then as a table and as Markdown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from flows.desk.show import counted, print_line, table_of
from flows.publication import Published
from warehouse.judging.judgements import Judgement
from warehouse.loading.load import FilingOutcome


@dataclass(frozen=True)
class NightReport:
    """One night: what came, what became of it, what was published, what went wrong in huizong.

    `failures` are faults of the program or its surroundings, one line each; what is wrong with a
    return is a finding and not a failure. `judged` are accepted filings that were judged again,
    as others had changed. `left` is what was left in a channel,
    with the reason; `seconds` is how long it took until people were told. `after_cut_off` says that
    the night before did not come to its end, so that this one has taken up what it left.
    """

    received: int
    new: int
    read: int
    outcomes: tuple[FilingOutcome, ...]
    published: tuple[Published, ...]
    failures: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    seconds: float = 0
    judged: tuple[Judgement, ...] = ()
    after_cut_off: bool = False

    @property
    def nothing_new(self) -> bool:
        """Whether the night had nothing to do."""
        return not (self.read or self.published or self.failures)

    @property
    def judged_again(self) -> str | None:
        """What judging filings again has changed, in a line; None where nothing."""
        begun = sum(len(judgement.begun) for judgement in self.judged)
        ended = sum(len(judgement.ended) for judgement in self.judged)
        told = f"judged again: {begun} findings more, {ended} that no longer hold"
        return told if begun or ended else None

    @property
    def statuses(self) -> Counter[str]:
        """How many filings were accepted, refused, unchanged."""
        return Counter(outcome.status for outcome in self.outcomes)


_CUT_OFF = "the night before did not come to its end; this one has taken up what it left"


def _rows(published: Published) -> list[tuple[str, str, str]]:
    """Per form: its code and title, how many of those who owe it are in, and who is missing."""
    return [
        (form.form, f"{form.reported}/{form.owed}", ", ".join(form.missing))
        for form in published.completeness
    ]


def markdown(report: NightReport) -> str:
    """The report as the Markdown of a Prefect artifact: completeness, findings, links."""
    lines = [f"# Night: {_headline(report)}", ""]
    if report.after_cut_off:
        lines += [_CUT_OFF, ""]
    lines += [report.judged_again, ""] if report.judged_again else []
    lines += map(markdown_of, report.published)
    lines += _listed("Left where it was", report.left)
    lines += _listed("Failures", report.failures)
    return "\n".join(lines)


def markdown_of(published: Published) -> str:
    """A publication as a part of such a report: where it is, its findings, its completeness."""
    counts = ", ".join(f"{n} {s.value}" for s, n in published.findings.items())
    page = published.folder / "index.html"
    lines = [
        f"## {published.period}, publication {published.serial}",
        "",
        f"[{page}]({page.as_uri()})",
        "",
        f"Findings: {counts}. Revised figures: {published.revisions}.",
        "",
        "| form | reported | missing |",
        "|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in _rows(published)),
        "",
    ]
    return "\n".join(lines)


def _headline(report: NightReport) -> str:
    if report.nothing_new:
        return "nothing new"
    counts = ", ".join(f"{n} {status}" for status, n in sorted(report.statuses.items()))
    return f"{report.read} files read, filings: {counts or 'none'}"


def _listed(title: str, lines: Sequence[str]) -> list[str]:
    return [f"## {title}", "", *(f"- {line}" for line in lines), ""] if lines else []


def print_report(report: NightReport) -> None:
    """The summary that ends a night: counts, completeness, findings, and where it was published."""
    console = Console()
    if report.after_cut_off:
        print_line(_CUT_OFF)
    if report.nothing_new:
        console.print(f"nothing new: {report.received} files in the inbox, all known")
        _print_left(report)
        return
    statuses = ", ".join(f"{count} {status}" for status, count in sorted(report.statuses.items()))
    console.print(
        f"[bold]{report.received} files, {report.new} new, {report.read} read[/bold]"
        f"   filings: {statuses or 'none'}"
    )
    if report.judged_again:
        console.print(report.judged_again)
    for published in report.published:
        _print_published(console, published)
    _print_left(report)
    for failure in report.failures:
        console.print(f"[bold red]failed:[/bold red] {failure}", soft_wrap=True)


def _print_published(console: Console, published: Published) -> None:
    """A publication: the forms that somebody still owes, the findings, and where it is."""
    forms = published.completeness
    lacking = [row for row, form in zip(_rows(published), forms, strict=True) if form.missing]
    console.print(
        f"\n[bold]{published.period}  publication {published.serial}[/bold]"
        f"   forms: {len(forms) - len(lacking)} of {len(forms)} complete"
    )
    if lacking:
        table = table_of("not in yet", "form")
        table.add_column("reported", justify="right")
        table.add_column("missing")
        for row in lacking:
            table.add_row(*row)
        console.print(table)
    console.print(f"findings: {counted(published.findings)}")
    if published.revisions:
        console.print(f"revised figures: {published.revisions}")
    for name in ("index.html", "municipal-tables.xlsx", "discrepancies.xlsx"):
        console.print(f"  {published.folder / name}", soft_wrap=True, highlight=False)


def _print_left(report: NightReport) -> None:
    for left in report.left:
        print_line(f"left where it was: {left}")
