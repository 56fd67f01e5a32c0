"""Compile a form's checks into suites of Great Expectations."""

from collections.abc import Iterable, Sequence
from typing import Any

from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.expectations.core.expect_column_values_to_match_regex import (
    ExpectColumnValuesToMatchRegex,
)
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity

from expectations.custom.cells_hold_codes import ExpectCellsToHoldCodes
from expectations.custom.column_holds_id_numbers import ExpectColumnToHoldIdNumbers
from expectations.custom.figures_satisfy_statements import ExpectFiguresToSatisfyStatements
from expectations.custom.keys_are_unique import ExpectKeysToBeUnique
from expectations.custom.lines_satisfy_statements import BETWEEN, ExpectLinesToSatisfyStatements
from expectations.frames import FILING
from expectations.groups import CheckGroup, check_groups
from schemas.findings import Severity
from schemas.models import Form, Indicator, Relation, Scheme
from schemas.rules.checks import totals_check
from schemas.rules.statement import Statement, relation_statement
from schemas.text import listed

ACROSS = "value"
"""The column of the numbered values that counties may not share."""
TOTALS = "totals"
"""The id of the expectation about written totals."""

_PHONE = r"^(?:1[0-9]{10}|0[0-9]{2,3}[- ]?[0-9]{7,8})$"  # GX takes no groups that capture
_GRAVITY = {
    Severity.ERROR: FailureSeverity.CRITICAL,
    Severity.WARNING: FailureSeverity.WARNING,
    Severity.NOTICE: FailureSeverity.INFO,
}


def lines_suite(form: Form, scheme: Scheme) -> ExpectationSuite:
    """What the lines of a form must satisfy; the frame also has the column FILING."""
    expectations = [_expectation(group, scheme) for group in check_groups(form)]
    return ExpectationSuite(name=f"{scheme.id}.{form.name}", expectations=expectations)


def totals_suite(
    forms: Sequence[Form],
    scheme: Scheme,
    statements: Iterable[Statement],
    columns: Iterable[str],
) -> ExpectationSuite:
    """What the written totals of some forms must satisfy, all of them as one expectation.

    `columns` are those of `figure_rows`, whose rows are about the `statements`.
    """
    group = CheckGroup(TOTALS, tuple(totals_check(form) for form in forms))
    expectation = ExpectFiguresToSatisfyStatements(
        column_list=[*columns],
        statements=_written(statements),
        **_common(group),
    )
    return ExpectationSuite(name=f"{scheme.id}.{TOTALS}", expectations=[expectation])


def relations_suite(
    relations: Sequence[Relation], scheme: Scheme, columns: Iterable[str]
) -> ExpectationSuite:
    """What the figures of counties must satisfy.

    `columns` are those of `figure_rows`, with a row for each relation and filing. The id of an
    expectation is the severity of all the relations that it asks for.
    """
    groups = {s: [rule for rule in relations if rule.gravity is s] for s in Severity}
    names = [*columns]
    expectations = [_relations(s, alike, names) for s, alike in groups.items() if alike]
    return ExpectationSuite(name=f"{scheme.id}.relations", expectations=expectations)


def _relations(severity: Severity, alike: Sequence[Relation], columns: list[str]) -> Expectation:
    return ExpectFiguresToSatisfyStatements(
        column_list=columns,
        statements=_written(map(relation_statement, alike)),
        description="; ".join(f"{rule.label.zh} / {rule.label.en}" for rule in alike),
        severity=_GRAVITY[severity],
        meta={
            "id": severity.value,
            "asks": "relations",
            "severity": severity.value,
            "checks": [rule.id for rule in alike],
        },
    )


def _written(statements: Iterable[Statement]) -> str:
    return BETWEEN.join(statement.written for statement in statements)


def keyed_suite(relation: Relation, statement: Statement) -> ExpectationSuite:
    """What the figures of every key must satisfy; the frame has a column for each."""
    expectation = ExpectLinesToSatisfyStatements(
        column_list=[*statement.operands],
        statements=statement.written,
        half_widths={name: str(width) for name, width in statement.half_widths.items()},
        description=f"{relation.label.zh} / {relation.label.en}",
        severity=_GRAVITY[relation.gravity],
        meta={
            "id": relation.id,
            "asks": "relations",
            "severity": relation.gravity.value,
            "checks": [relation.id],
        },
    )
    return ExpectationSuite(name=relation.id, expectations=[expectation])


def across_suite(indicators: Sequence[Indicator], scheme: Scheme) -> ExpectationSuite:
    """That no value is in the returns of two counties; each county has a row for each of its.

    The values of all columns are numbered on.
    """
    labels = listed([indicator.label for indicator in indicators])
    expectation = ExpectKeysToBeUnique(
        column_list=[ACROSS],
        description=f"{labels.zh}只由一个县报送 / {labels.en} is of one county each",
        severity=_GRAVITY[Severity.WARNING],
        meta={
            "id": ACROSS,
            "asks": "counties",
            "severity": Severity.WARNING.value,
            "checks": [indicator.name for indicator in indicators],
        },
    )
    return ExpectationSuite(name=f"{scheme.id}.{ACROSS}", expectations=[expectation])


def _common(group: CheckGroup) -> dict[str, Any]:
    """What every expectation carries, so that its result can be told to people."""
    return {
        "description": f"{group.statement.zh} / {group.statement.en}",
        "severity": _GRAVITY[group.severity],
        "meta": {
            "id": group.id,
            "asks": group.asks,
            "severity": group.severity.value,
            "checks": [check.id for check in group.checks],
        },
    }


def _expectation(group: CheckGroup, scheme: Scheme) -> Expectation:
    common = _common(group)
    column = group.columns[0]
    match group.asks:
        case "keys":
            return ExpectKeysToBeUnique(column_list=[FILING, *group.columns], **common)
        case "codes":
            return ExpectCellsToHoldCodes(
                column_list=[*group.columns],
                codes={
                    check.indicator.name: scheme.codes(check.indicator).all
                    for check in group.checks
                },
                **common,
            )
        case "id_number":
            return ExpectColumnToHoldIdNumbers(column_list=[column], **common)
        case "phone":
            return ExpectColumnValuesToMatchRegex(column=column, regex=_PHONE, **common)
    arithmetic = [check.arithmetic for check in group.checks]
    return ExpectLinesToSatisfyStatements(
        column_list=[*group.columns],
        statements=_written(arithmetic),
        half_widths={n: str(w) for stated in arithmetic for n, w in stated.half_widths.items()},
        **common,
    )
