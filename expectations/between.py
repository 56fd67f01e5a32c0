"""Check filings by the rules between forms, periods and levels.

Every rule that judges a filing is a row of one frame, with the figures that it speaks of. What
came is put in the place of what the warehouse holds accepted; a figure of which nothing has come
leaves the rule undetermined.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from expectations.engine import Engine
from expectations.figure_rows import figure_rows, rows_outcomes
from expectations.keyed import validate_keyed
from expectations.known import Known
from expectations.relation_case import RelationCase
from expectations.relation_findings import relation_finding
from expectations.rule import Outcome
from expectations.screen import Outcomes, told
from expectations.suites import relations_suite
from schemas.consolidated.figures import Figures
from schemas.filing import Checked, Filing
from schemas.findings import CheckResult, Finding
from schemas.models import Scheme
from schemas.rules.statement import relation_statement


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
    cases = [known.cases(filings) for filings in returns]
    asked = [case for of_file in cases for of_filing in of_file for case in of_filing]
    engine = Engine()
    came_out = _outcomes(engine, asked, scheme)
    checked = iter(_checked(asked, came_out))
    of_keys = validate_keyed(engine, returns, scheme, known)
    return [
        [
            _of_filing([next(checked) for _ in of_filing]).and_also(keyed)
            for of_filing, keyed in zip(of_file, keyed_of_file, strict=True)
        ]
        for of_file, keyed_of_file in zip(cases, of_keys, strict=True)
    ]


def _outcomes(engine: Engine, cases: Sequence[RelationCase], scheme: Scheme) -> Outcomes:
    """How each case came out, of which GX says whether it failed."""
    if not cases:
        return np.empty(0, dtype=np.int8)
    relations = {id(case.relation): case.relation for case in cases}
    asked = {number: relation_statement(rule) for number, rule in relations.items()}
    written = {number: statement.written for number, statement in asked.items()}
    numbers = [id(case.relation) for case in cases]
    figures = [case.figures(asked[n].operands) for n, case in zip(numbers, cases, strict=True)]
    rows = figure_rows([written[n] for n in numbers], figures)
    suite = relations_suite([*relations.values()], scheme, rows.columns)
    found = engine.unexpected(suite, rows)
    failing = [position for positions in found.values() for position in positions]
    return told(rows_outcomes(rows, asked.values()), failing)


def _checked(
    cases: Sequence[RelationCase], came_out: Outcomes
) -> Iterator[tuple[CheckResult, Finding | None]]:
    """How each case came out, and its finding where it failed."""
    results: dict[tuple[int, int], CheckResult] = {}  # most filings come out alike
    for case, outcome in zip(cases, came_out.tolist(), strict=True):
        relation = case.relation
        key = id(relation), outcome
        if key not in results:
            results[key] = CheckResult(
                check=relation.id,
                statement=relation.label,
                severity=relation.gravity,
                passed=int(outcome == Outcome.PASS),
                failed=int(outcome == Outcome.FAIL),
                undetermined=int(outcome == Outcome.UNDETERMINED),
            )
        yield results[key], relation_finding(case) if outcome == Outcome.FAIL else None


def _of_filing(checked: Sequence[tuple[CheckResult, Finding | None]]) -> Checked:
    findings = tuple(finding for _, finding in checked if finding is not None)
    return Checked(findings, tuple(result for result, _ in checked))
