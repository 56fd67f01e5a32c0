"""Check filings by the rules between forms, periods and levels.

Every rule that judges a filing is a row of one frame, with the figures that it speaks of. What
came is put in the place of what the warehouse holds accepted; a figure of which nothing has come
leaves the rule undetermined.
"""

from collections.abc import Iterator, Sequence

import pandas as pd

from expectations.engine import Engine
from expectations.keyed import validate_keyed
from expectations.known import Known
from expectations.relation_case import RelationCase
from expectations.relation_findings import relation_finding
from expectations.rule import Outcome, outcome
from expectations.suites import RELATION, figure_columns, relations_suite
from schemas.consolidated.figures import Figures
from schemas.filing import Checked, Filing
from schemas.findings import CheckResult, Finding
from schemas.models import Scheme


def validate_between(
    returns: Sequence[Sequence[Filing]],
    scheme: Scheme,
    accepted: Figures,
    kept: Sequence[Filing] = (),
) -> list[list[Checked]]:
    """How the rules between forms came out for the filings of each file, in their order.

    The filings of a file are of one county and period; `accepted` figures and the lines of `kept`
    filings are those of what did not come. Raises RuntimeError when a rule could not
    be evaluated, never for data.
    """
    known = Known(returns, scheme, accepted, kept)
    cases = [[known.cases(filing, filings) for filing in filings] for filings in returns]
    asked = [case for of_file in cases for of_filing in of_file for case in of_filing]
    engine = Engine()
    failed = iter(_failed(engine, asked, scheme))
    of_keys = validate_keyed(engine, returns, scheme, known)
    return [
        [
            _checked([(case, next(failed)) for case in of_filing]).and_also(keyed)
            for of_filing, keyed in zip(of_file, keyed_of_file, strict=True)
        ]
        for of_file, keyed_of_file in zip(cases, of_keys, strict=True)
    ]


def _failed(engine: Engine, cases: Sequence[RelationCase], scheme: Scheme) -> Iterator[bool]:
    """Of each case whether the relation failed, as GX says."""
    relations = {case.relation.id: case.relation for case in cases}
    suite = relations_suite([*relations.values()], scheme)
    frame = pd.DataFrame([_row(case) for case in cases], dtype=object)
    found = engine.unexpected(suite, frame) if cases else {}
    failing = {position for positions in found.values() for position in positions}
    return (position in failing for position in range(len(cases)))


def _row(case: RelationCase) -> dict[str, object]:
    line, reaches = case.line, case.statement.half_widths
    row: dict[str, object] = {RELATION: case.relation.id}
    for (value, reach), name in zip(figure_columns(len(line)), line, strict=True):
        row |= {value: line[name], reach: reaches.get(name)}
    return row


def _checked(cases: Sequence[tuple[RelationCase, bool]]) -> Checked:
    """How the relations that judge a filing came out, with whether each failed."""
    found: list[Finding] = []
    results: list[CheckResult] = []
    for case, failed in cases:
        relation, came_out = case.relation, outcome(case.statement, case.line)
        if failed:
            found.append(relation_finding(case))
        results.append(
            CheckResult(
                check=relation.id,
                statement=relation.label,
                severity=relation.gravity,
                passed=int(came_out is Outcome.PASS),
                failed=int(failed),
                undetermined=int(came_out is Outcome.UNDETERMINED),
            )
        )
    return Checked(tuple(found), tuple(results))
