"""What most counties fail alike: then the rule, or the hierarchy, is the likelier fault.

It is worked out of all current filings of a period, accepted or refused and whichever night they
came, when their findings are shown. It is not recorded, as the return of any county may make it so
or be the one after which it is so no longer.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from sqlalchemy import Connection, select

from schemas.findings import Diagnosis, Finding, Mechanism
from warehouse.consolidation.contents import FiledFinding
from warehouse.judging.judgements import Judgements
from warehouse.tables import check_results

LEAST_UNITS = 6
"""Of fewer units than this "most" says nothing."""

_Gaps = Mapping[str, Mapping[int, Sequence[Decimal]]]
"""By rule and filing that fails it: by how much its left sides are above the right ones."""


def is_common(gaps: Collection[Sequence[Decimal]], units: int) -> bool:
    """Whether more than half of the units fail a rule, all of them in the same direction.

    `gaps` has for each unit that fails by how much its left sides are above the right ones;
    `units` is how many units the rule could be decided for.
    """
    sides = {gap > 0 for of_unit in gaps for gap in of_unit}
    return units >= LEAST_UNITS and 2 * len(gaps) > units and len(sides) == 1


def led_by_common_faults(
    connection: Connection,
    current: Collection[int],
    again: Judgements,
    found: Sequence[FiledFinding],
) -> list[FiledFinding]:
    """The findings of the current filings of a period, each led by what most counties fail alike.

    `again` are the judgements of these filings, up to the moment that is shown.
    """
    gaps = _gaps(found)
    # What so few fail is not common, however few it could be decided for.
    likely = {rule for rule, of_rule in gaps.items() if is_common([*of_rule.values()], LEAST_UNITS)}
    decided = _decided(connection, current, likely, again) if likely else {}
    common = {
        rule: Diagnosis(
            mechanism=Mechanism.RULE, changes=(), satisfied=len(gaps[rule]), failed=units
        )
        for rule, units in decided.items()
        if is_common([*gaps[rule].values()], units)
    }
    return [replace(filed, finding=_led_by(common, filed.finding)) for filed in found]


def _gaps(found: Sequence[FiledFinding]) -> _Gaps:
    gaps: dict[str, dict[int, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    for filed in found:
        finding = filed.finding
        if filed.filing is not None and finding.rule is not None and finding.difference:
            gaps[finding.rule][filed.filing].append(finding.difference)
    return gaps


def _decided(
    connection: Connection, current: Collection[int], rules: Collection[str], again: Judgements
) -> Mapping[str, int]:
    """For how many of the filings each rule could be decided when it was asked last."""
    rows = connection.execute(
        select(check_results).where(
            check_results.c.filing_id.in_(current), check_results.c.check_id.in_(rules)
        )
    )
    last = {(row.filing_id, row.check_id): row.passed + row.failed for row in rows}
    for filing, judgements in again.items():
        for result in (result for each in judgements for result in each.results):
            if result.check in rules:
                last[filing, result.check] = result.passed + result.failed
    return Counter(rule for (_, rule), lines in last.items() if lines)


def _led_by(common: Mapping[str, Diagnosis], finding: Finding) -> Finding:
    """A finding with what is common now, instead of what was so when it was recorded."""
    own = [each for each in finding.diagnoses if each.mechanism is not Mechanism.RULE]
    first = common.get(finding.rule or "")
    diagnoses = tuple(own if first is None else [first, *own])
    return finding.model_copy(update={"diagnoses": diagnoses})
