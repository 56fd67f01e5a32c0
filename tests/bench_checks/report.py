"""The figures of the benchmark, and the table that is printed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from schemas.findings import Finding, Severity
from schemas.models import Scheme
from schemas.period import Period
from tests.bench_checks.faults import MECHANISMS
from tests.bench_checks.night import found_clean
from tests.bench_checks.score import Judged, judged
from tests.bench_checks.world import World

PERIODS = ("2003H1", "2015")


@dataclass(frozen=True)
class Row:
    """One mechanism: of its draws those that can be seen, and of these those that can be told.

    Of those that can be told, the truth comes first (`right`), or something else is told alone as
    if it were certain (`told_wrong`). Of the ties, `as_tie` are shown as such, `shown` of them with
    the truth; of the others the truth stands `alone`, or the right value of the wrong cell without
    how it came about, something `wrong` does, or nothing is said (`silent`).
    """

    mechanism: str
    draws: int
    visible: int
    detected: int
    told: int
    right: int
    told_wrong: int
    ties: int
    as_tie: int
    shown: int
    alone: int
    wrong: int
    silent: int


@dataclass(frozen=True)
class CleanNight:
    """What the clean returns of a period gave: by severity, and the most warnings of a county."""

    period: str
    errors: int
    warnings: int
    notices: int
    most_warnings: int


@dataclass(frozen=True)
class Measured:
    """Everything that the benchmark measures.

    `between` are the faults of the whole that only rules between forms see: unless a whole column
    is in another unit, they are counted as ties, because the truth tries no corrections on those.
    """

    draws: int
    rows: tuple[Row, ...]
    whole: Row
    between: Row
    clean: tuple[CleanNight, ...]


def measured(scheme: Scheme, draws: int, periods: Sequence[str] = PERIODS) -> Measured:
    """The benchmark with so many draws of each mechanism."""
    worlds = [World(scheme, Period.parse(period), Random(period)) for period in periods]
    nights = [found_clean(scheme, world) for world in worlds]
    clean = [finding for night in nights for finding in night]
    made: dict[str, list[Judged]] = {}
    for one in judged(scheme, worlds, clean, draws):
        made.setdefault(one.fault.name, []).append(one)
    every = [one for of_name in made.values() for one in of_name]
    return Measured(
        draws=draws,
        rows=tuple(_row(name, made.get(name, ())) for name in MECHANISMS),
        whole=_row("all", every),
        between=_row("between forms alone", [one for one in every if one.between]),
        clean=tuple(_clean(period, night) for period, night in zip(periods, nights, strict=True)),
    )


def _row(name: str, made: Iterable[Judged]) -> Row:
    every = list(made)
    visible = [one for one in every if one.visible]
    told = [one for one in visible if one.told]
    ties = [one for one in visible if not one.told]
    return Row(
        mechanism=name,
        draws=len(every),
        visible=len(visible),
        detected=sum(one.detected for one in visible),
        told=len(told),
        right=sum(one.right for one in told),
        told_wrong=sum(one.wrong for one in told),
        ties=len(ties),
        as_tie=sum(one.tie for one in ties),
        shown=sum(one.tie and one.shown for one in ties),
        alone=sum((one.right or one.placed) and not one.tie for one in ties),
        wrong=sum(one.wrong for one in ties),
        silent=sum(one.silent for one in ties),
    )


def _clean(period: str, night: Sequence[Finding]) -> CleanNight:
    severities = Counter(finding.severity for finding in night)
    warned = Counter(f.county for f in night if f.severity is Severity.WARNING)
    return CleanNight(
        period,
        severities[Severity.ERROR],
        severities[Severity.WARNING],
        severities[Severity.NOTICE],
        max(warned.values(), default=0),
    )


def table(found: Measured) -> str:
    """The figures as a table in plain text."""
    heads = ("mechanism", "draws", "visible", "detected", "told", "right first", "wrong", "ties")
    lines = ["{:22}{:>6}{:>9}{:>16}{:>7}{:>16}{:>7}{:>7}  of which".format(*heads)]
    lines += [_line(row) for row in (*found.rows, found.whole, found.between)]
    lines += [
        f"clean {night.period}: {night.errors} errors, {night.warnings} warnings "
        f"(at most {night.most_warnings} of a county), {night.notices} notices"
        for night in found.clean
    ]
    return "\n".join(lines) + "\n"


def _line(row: Row) -> str:
    return (
        f"{row.mechanism:22}{row.draws:6}{row.visible:9}{_share(row.detected, row.visible):>16}"
        f"{row.told:7}{_share(row.right, row.told):>16}{row.told_wrong:7}{row.ties:7}"
        f"  {row.as_tie} as ties, {row.shown} with the truth; "
        f"{row.alone} the truth alone, {row.wrong} wrong alone, {row.silent} nothing"
    )


def _share(part: int, whole: int) -> str:
    return f"{part} ({100 * part / whole:.1f} %)" if whole else "-"
