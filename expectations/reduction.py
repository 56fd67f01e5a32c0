"""Findings of one return that tell one fault twice: the stronger stays, and names the other.

Two checks tell the same when what one of them compares is compared by the other too and they miss
by as much: `spent >= 0` and `balance = arrived - spent` where nothing has arrived. A rule for the
whole tells the same as one for each value of a key when the failures of that add up to its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations

from schemas.consolidated.relations import operand
from schemas.filing import Checked
from schemas.findings import Finding, Severity
from schemas.language import expression
from schemas.models import Relation, Scheme
from schemas.text import Text

_BETWEEN = "relation-failed"
"""Rules between forms are asked again without those inside, so neither gives way to the other."""

_ARITHMETIC = (
    "rule-failed",
    "computed-differs",
    "value-too-small",
    "value-too-large",
    _BETWEEN,
)
_LIMITS = "≤≥<>≠"


def reduced(scheme: Scheme, checked: Checked) -> Checked:
    """How the checks of a filing came out, each fault told once; the results stay as they are."""
    told = [f for f in checked.findings if f.code in _ARITHMETIC and f.difference and f.rule]
    if len(told) < 2:
        return checked
    stays = {id(whole): by_key for whole, by_key in _wholes(scheme, told)}
    for one, other in combinations(sorted(told, key=_weakness), 2):
        if id(other) not in stays and id(one) not in stays and _tell_the_same(one, other):
            stays[id(other)] = one
    return replace(checked, findings=tuple(_naming(checked, _ends(stays))))


def _ends(stays: Mapping[int, Finding]) -> dict[int, Finding]:
    """For each finding that does not stay the one that does, where that gave way in its turn."""
    ends = dict(stays)
    for number, stronger in stays.items():
        ends[number] = stays.get(id(stronger), stronger)
    return ends


def _weakness(finding: Finding) -> tuple[int, bool, bool]:
    """The graver is the stronger; then what one cell breaks alone; then an equality."""
    limit = (finding.expected or "").startswith(tuple(_LIMITS))
    return list(Severity).index(finding.severity), len(finding.cells) > 1, limit


def _tell_the_same(one: Finding, other: Finding) -> bool:
    """Whether two checks miss by as much at the same cells, or at some of them."""
    if one.rule == other.rule or one.trial != other.trial or max(one.lines, other.lines) > 1:
        return False
    if (one.code == _BETWEEN) is not (other.code == _BETWEEN):
        return False
    assert one.difference is not None
    assert other.difference is not None
    cells, others = set(one.cells), set(other.cells)
    same = bool(cells and others) and (cells <= others or others <= cells)
    return same and abs(one.difference) == abs(other.difference)


def _wholes(scheme: Scheme, told: Sequence[Finding]) -> Iterator[tuple[Finding, Finding]]:
    """Each finding of a rule for the whole, with the first of those that explain it by keys."""
    relations = {rule.id: rule for rule in scheme.whole.relations}
    by_rule: dict[str, list[Finding]] = {}
    for finding in told:
        if finding.rule in relations:
            by_rule.setdefault(str(finding.rule), []).append(finding)
    for rule, found in by_rule.items():
        for of_keys, parts in by_rule.items():
            if not _is_whole(scheme, relations[rule], relations[of_keys]):
                continue
            missed = sum((part.difference or Decimal(0) for part in parts), Decimal(0))
            grave = _weakness(parts[0])[0] <= _weakness(found[0])[0]
            seen_alike = parts[0].trial == found[0].trial
            if (
                grave
                and seen_alike
                and found[0].difference == missed
                and all(p.lines == 1 for p in parts)
            ):
                yield found[0], parts[0]


def _is_whole(scheme: Scheme, whole: Relation, each: Relation) -> bool:
    """Whether one rule says of a form what another says of each value of a key of it."""
    if whole.by is not None or each.by is None or whole.form != each.form:
        return False
    first, of_key = (
        operand(expression.names(rule.comparison)[0], scheme.whole) for rule in (whole, each)
    )
    one, other = first.measure, of_key.measure
    same = (one.indicator, one.aggregation, one.where) == (
        other.indicator,
        other.aggregation,
        other.where,
    )
    return same and whole.comparison.comparator == each.comparison.comparator


def _naming(checked: Checked, stays: Mapping[int, Finding]) -> Iterator[Finding]:
    """The findings that stay, with the rules of those that do not."""
    statements = {result.check: result.statement for result in checked.results}
    named: dict[int, dict[str, Text]] = {}
    for finding in checked.findings:
        if (stronger := stays.get(id(finding))) is not None and finding.rule is not None:
            named.setdefault(id(stronger), {})[finding.rule] = statements[finding.rule]
    for finding in checked.findings:
        if id(finding) not in stays:
            also = named.get(id(finding))
            yield finding if also is None else finding.model_copy(update={"also": also})
