"""Accepted filings that were judged again: how they came out, and which of their findings stand.

A rule between forms compares a filing with others, and these may be corrected after it was
accepted. A judgement says which findings began and which ended with it. Findings and judgements
are only added, so every earlier moment still shows what was known then.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from schemas.consolidated.figures import Source
from schemas.discretion import discreet
from schemas.filing import Checked
from schemas.findings import CheckResult, Finding
from schemas.models import Scheme
from schemas.period import Period
from warehouse.judging.overtaken import JudgeableFiling
from warehouse.lines.rows import About, as_result, insert_findings
from warehouse.tables import check_results, filings, findings, judgements

_CODE = "relation-failed"  # of every finding of a rule between forms


@dataclass(frozen=True)
class Judgement:
    """What judging a filing again has changed.

    `begun` and `ended` are keys of its findings, `results` those of the checks that came out
    otherwise than before, and `causes` the filings that began or ceased to count before.
    """

    filing: int
    at: datetime
    causes: tuple[int, ...]
    begun: frozenset[str]
    ended: frozenset[str]
    results: tuple[CheckResult, ...]

    @property
    def changed(self) -> bool:
        """Whether it came out otherwise than before."""
        return bool(self.begun or self.ended or self.results)


Judgements = Mapping[int, Sequence[Judgement]]
"""The judgements of filings, the oldest first."""


def judgements_of(
    connection: Connection, of: Collection[int], as_of: datetime | None = None
) -> Judgements:
    """The judgements of some filings, up to a moment."""
    until = () if as_of is None else (judgements.c.judged_at <= as_of,)
    rows = connection.execute(
        select(judgements)
        .where(judgements.c.filing_id.in_(of), *until)
        .order_by(judgements.c.judged_at)
    )
    found: dict[int, list[Judgement]] = {}
    for row in rows:
        judgement = Judgement(
            filing=row.filing_id,
            at=row.judged_at,
            causes=tuple(row.causes),
            begun=frozenset(row.begun),
            ended=frozenset(row.ended),
            results=tuple(CheckResult.model_validate(result) for result in row.results),
        )
        found.setdefault(row.filing_id, []).append(judgement)
    return found


def stands_since(
    key: str, recorded_at: datetime, of_filing: Sequence[Judgement]
) -> datetime | None:
    """From when a finding of a filing stands; None where it does not after its judgements."""
    since: datetime | None = recorded_at
    for judgement in of_filing:
        if key in judgement.ended:
            since = None
        elif key in judgement.begun:
            since = judgement.at
    return since


def record_judgement(
    connection: Connection,
    scheme: Scheme,
    filing: JudgeableFiling,
    causes: Sequence[int],
    checked: Checked,
    at: datetime,
) -> Judgement:
    """Record how rules between forms came out that were asked of a filing again.

    A finding that says the same as one that stands is that one. Findings of rules that were not
    asked are left as they are.
    """
    earlier = judgements_of(connection, [filing.id]).get(filing.id, ())
    rules = {result.check for result in checked.results}
    before = {key: f for key, f in _standing(connection, filing.id, earlier) if f.rule in rules}
    form = scheme.at(Period.parse(filing.source.period)).form(filing.source.form)
    found = _by_key([discreet(finding, form) for finding in checked.findings], before)
    new = [finding for key, finding in found.items() if key not in before]
    of = filing.source
    about = About(filing.sha256, of.county, of.period, of.form, filing.id)
    insert_findings(connection, new, about, at)
    last = _results(connection, filing.id, earlier)
    judgement = Judgement(
        filing=filing.id,
        at=at,
        causes=tuple(causes),
        begun=frozenset(found.keys() - before.keys()),
        ended=frozenset(before.keys() - found.keys()),
        results=tuple(each for each in checked.results if last.get(each.check) != each),
    )
    _insert(connection, scheme, judgement)
    return judgement


def _insert(connection: Connection, scheme: Scheme, judgement: Judgement) -> None:
    connection.execute(
        insert(judgements).values(
            filing_id=judgement.filing,
            judged_at=judgement.at,
            causes=list(judgement.causes),
            begun=sorted(judgement.begun),
            ended=sorted(judgement.ended),
            results=[result.model_dump(mode="json") for result in judgement.results],
            changed=judgement.changed,
            scheme_fingerprint=scheme.fingerprint,
        )
    )


def _standing(
    connection: Connection, filing_id: int, earlier: Sequence[Judgement]
) -> Iterator[tuple[str, Finding]]:
    """The findings of rules between forms that stand of a filing, by their keys."""
    rows = connection.execute(
        select(findings.c.key, findings.c.finding, findings.c.recorded_at)
        .where(findings.c.filing_id == filing_id, findings.c.code == _CODE)
        .order_by(findings.c.id)
    )
    for row in rows:
        if stands_since(row.key, row.recorded_at, earlier) is not None:
            yield row.key, Finding.model_validate(row.finding)


def _by_key(found: Sequence[Finding], before: Mapping[str, Finding]) -> dict[str, Finding]:
    """Findings by their keys; the only one that says what one said before is that one.

    Its cells may be others: the total that a county wrote is not kept with its lines.
    """
    now = Counter(map(_said, found))
    then: dict[str, list[str]] = {}
    for key, finding in before.items():
        then.setdefault(_said(finding), []).append(key)
    keys = {
        finding.key: then[said][0]
        for finding in found
        if (said := _said(finding)) in then and len(then[said]) == now[said] == 1
    }
    return {keys.get(finding.key, finding.key): finding for finding in found}


def _said(finding: Finding) -> str:
    """What a finding says, wherever its cells are."""
    return finding.model_copy(update={"cells": ()}).key


def _results(
    connection: Connection, filing_id: int, earlier: Sequence[Judgement]
) -> dict[str, CheckResult]:
    """How every check of a filing came out last, by its id."""
    recorded = select(check_results).where(check_results.c.filing_id == filing_id)
    found = {row.check_id: as_result(row) for row in connection.execute(recorded)}
    return found | {result.check: result for each in earlier for result in each.results}


# --- as people see it -----------------------------------------------------------------------------


@dataclass(frozen=True)
class ChangedJudgement:
    """A judgement that changed something: because of which filings, and which rules' findings.

    A cause is a filing with its version; `begun` and `ended` are ids of rules.
    """

    at: datetime
    causes: tuple[tuple[Source, int], ...]
    begun: tuple[str, ...]
    ended: tuple[str, ...]


def changed_judgements(
    connection: Connection, of: Judgements
) -> Mapping[int, tuple[ChangedJudgement, ...]]:
    """The findings of filings that began or ended when they were judged again."""
    told = [each for of_filing in of.values() for each in of_filing if each.begun or each.ended]
    rows = connection.execute(
        select(findings.c.filing_id, findings.c.key, findings.c.finding).where(
            findings.c.filing_id.in_({each.filing for each in told}), findings.c.code == _CODE
        )
    )
    rules = {(row.filing_id, row.key): str(row.finding["rule"]) for row in rows}
    causes = _versions(connection, {cause for each in told for cause in each.causes})
    found: dict[int, list[ChangedJudgement]] = {}
    for each in told:
        begun, ended = (
            tuple(sorted({rules[each.filing, key] for key in keys}))
            for keys in (each.begun, each.ended)
        )
        of_each = sorted((causes[cause] for cause in each.causes), key=_place)
        change = ChangedJudgement(each.at, tuple(of_each), begun, ended)
        found.setdefault(each.filing, []).append(change)
    return {filing: tuple(each) for filing, each in found.items()}


def _versions(connection: Connection, of: Collection[int]) -> Mapping[int, tuple[Source, int]]:
    rows = connection.execute(select(filings).where(filings.c.id.in_(of)))
    return {row.id: (Source(row.form, row.county_code, row.period), row.version) for row in rows}


def _place(version: tuple[Source, int]) -> tuple[str, str, str, int]:
    source, number = version
    return source.form, source.county, source.period, number
