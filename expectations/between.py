"""Check filings by the rules between forms, periods and levels.

The figures that a rule speaks of stand in one wide frame: a row for each file that came, which is
one county and period, and a column for each figure. What came is put in the place of what the
warehouse holds accepted; a figure of which nothing has come leaves the rule undetermined.
"""

from collections.abc import Mapping, Sequence

import pandas as pd

from expectations.engine import Engine
from expectations.known import Known
from expectations.relation_case import RelationCase
from expectations.relation_findings import relation_finding
from expectations.rule import Outcome, outcome
from expectations.suites import REACH, relations_suite
from schemas.figures import Figures
from schemas.filing import Checked, Filing
from schemas.findings import CheckResult, Finding
from schemas.models import Scheme


def validate_between(
    returns: Sequence[Sequence[Filing]], scheme: Scheme, accepted: Figures
) -> list[list[Checked]]:
    """How the rules between forms came out for the filings of each file, in their order.

    The filings of a file are of one county and period. Raises RuntimeError when a rule could not
    be evaluated, never for data.
    """
    known = Known(returns, scheme, accepted)
    cases = [[known.cases(filing, filings) for filing in filings] for filings in returns]
    rows = [_row([case for of_filing in of_file for case in of_filing]) for of_file in cases]
    judged = {case.relation.id for of_file in cases for of in of_file for case in of}
    relations = [relation for relation in scheme.relations if relation.id in judged]
    suite = relations_suite(relations, scheme)
    frame = pd.DataFrame(rows, columns=_columns(rows), dtype=object)
    failing = Engine().unexpected(suite, frame) if relations else {}
    return [
        [_checked(of_filing, row, failing) for of_filing in of_file]
        for row, of_file in enumerate(cases)
    ]


def _row(cases: Sequence[RelationCase]) -> dict[str, object]:
    row: dict[str, object] = {}
    for case in cases:
        reaches = case.statement.half_widths
        row |= case.line
        row |= {f"{REACH}{name}": reaches.get(name) for name in case.line}
    return row


def _columns(rows: Sequence[Mapping[str, object]]) -> list[str]:
    return [*dict.fromkeys(name for row in rows for name in row)]


def _checked(
    cases: Sequence[RelationCase],
    row: int,
    failing: Mapping[str, Sequence[int]],
) -> Checked:
    """How the relations that judge a filing came out, of whose row GX says whether any failed."""
    found: list[Finding] = []
    results: list[CheckResult] = []
    for case in cases:
        relation, came_out = case.relation, outcome(case.statement, case.line)
        failed = came_out is Outcome.FAIL and row in failing[relation.severity.value]
        if failed:
            found.append(relation_finding(case))
        results.append(
            CheckResult(
                check=relation.id,
                statement=relation.label,
                severity=relation.severity,
                passed=int(came_out is Outcome.PASS),
                failed=int(failed),
                undetermined=int(came_out is Outcome.UNDETERMINED),
            )
        )
    return Checked(tuple(found), tuple(results))
