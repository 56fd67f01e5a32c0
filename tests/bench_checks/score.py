"""How the checks and their diagnoses did on faults whose truth is known."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from random import Random

from schemas.findings import Diagnosis, Finding, Mechanism
from schemas.models import Scheme
from tests.bench_checks.faults import MECHANISMS, Fault, seeded
from tests.bench_checks.night import found_in
from tests.bench_checks.truth import breaks_between_alone, can_be_seen, can_be_told
from tests.bench_checks.world import World


@dataclass(frozen=True)
class Judged:
    """One fault and what was made of it.

    `right` is that the first proposal names mechanism and cells, `placed` that it names the right
    value of a wrong cell and no mechanism; `shown` that some proposal is the truth; `tie` that
    several were shown as equally good, `silent` that none was. `between` is
    that only rules between forms can see it.
    """

    fault: Fault
    visible: bool
    told: bool
    detected: bool
    right: bool
    placed: bool
    shown: bool
    tie: bool
    silent: bool
    between: bool

    @property
    def wrong(self) -> bool:
        """Whether one proposal alone, told as if it were certain, is not the truth."""
        return not (self.tie or self.silent or self.right or self.placed)


def judged(
    scheme: Scheme, worlds: Sequence[World], clean: Iterable[Finding], draws: int
) -> Iterator[Judged]:
    """So many draws of each mechanism in the returns of some periods, with how they came out."""
    before = {_what(finding) for finding in clean}
    sheets = [sheet for world in worlds for sheet in world.sheets]
    faults = [
        fault
        for number, name in enumerate(MECHANISMS)
        for fault in islice(seeded(name, sheets, Random(number)), draws)
    ]
    for world in worlds:
        own = [fault for fault in faults if fault.clean.period == world.period]
        for fault, findings in zip(own, found_in(scheme, world, own), strict=True):
            new = [finding for finding in findings if _what(finding) not in before]
            yield _judged(fault, world, new)


def _what(finding: Finding) -> tuple[object, ...]:
    return finding.key, finding.lines, finding.observed, finding.expected


def _judged(fault: Fault, world: World, found: Sequence[Finding]) -> Judged:
    visible = can_be_seen(fault, world)
    proposals = next((own for finding in found if (own := _proposals(finding))), [])
    fitting = [_fits(proposal, fault) for proposal in proposals]
    if fault.mechanism is None:
        right = bool(found) and found[0].code == "key-repeated" and _cells_named(fault, found[0])
        fitting = [right]
    return Judged(
        fault=fault,
        visible=visible,
        told=visible and can_be_told(fault, world),
        detected=bool(found),
        right=fitting[:1] == [True],
        placed=any(_is_placed(proposal, fault) for proposal in proposals[:1]),
        shown=any(fitting),
        tie=len(proposals) > 1,
        silent=not proposals,
        between=visible and breaks_between_alone(fault, world),
    )


def _proposals(finding: Finding) -> list[Diagnosis]:
    """What is said of this return; that many fail alike is only so among many faults at once."""
    return [each for each in finding.diagnoses if each.mechanism is not Mechanism.RULE]


def _cells_named(fault: Fault, finding: Finding) -> bool:
    return any(fault.faulty.cell(place) in finding.cells for place in fault.wrong)


def _fits(proposal: Diagnosis, fault: Fault) -> bool:
    """Whether a proposal is the truth: its mechanism, and the right value in each wrong cell."""
    if proposal.mechanism is not fault.mechanism:
        return False
    if fault.mechanism in (Mechanism.AGAIN, Mechanism.ROUNDING):
        return True
    return _says_right(proposal, fault)


def _is_placed(proposal: Diagnosis, fault: Fault) -> bool:
    """Whether a proposal says which value is wrong and what is right, and not how it came about."""
    return proposal.mechanism is Mechanism.LOCATION and _says_right(proposal, fault)


def _says_right(proposal: Diagnosis, fault: Fault) -> bool:
    right = {
        fault.clean.cell(place): _rounded(fault, place[0], value)
        for place in fault.wrong
        if isinstance(value := fault.clean[place], Decimal)
    }
    said = {change.cell: Decimal(change.proposed) for change in proposal.changes if change.cell}
    return bool(said) and all(right.get(cell) == value for cell, value in said.items())


def _rounded(fault: Fault, column: str, value: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-fault.clean.form[column].decimals))
