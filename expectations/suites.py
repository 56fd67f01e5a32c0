"""Compile a form's checks into suites of Great Expectations."""

import math
from decimal import Decimal
from typing import Any

from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.expectations.core.expect_column_values_to_be_between import (
    ExpectColumnValuesToBeBetween,
)
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)
from great_expectations.expectations.core.expect_column_values_to_match_regex import (
    ExpectColumnValuesToMatchRegex,
)
from great_expectations.expectations.core.expect_column_values_to_not_be_null import (
    ExpectColumnValuesToNotBeNull,
)
from great_expectations.expectations.core.expect_compound_columns_to_be_unique import (
    ExpectCompoundColumnsToBeUnique,
)
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.metadata_types import FailureSeverity

from expectations.checks import Check, line_checks, totals_check
from expectations.custom.column_equals_its_formula import ExpectColumnToEqualItsFormula
from expectations.custom.column_holds_id_numbers import ExpectColumnToHoldIdNumbers
from expectations.custom.lines_satisfy_rule import ExpectLinesToSatisfyRule
from expectations.custom.totals_equal_their_lines import ExpectTotalsToEqualTheirLines
from expectations.frames import FILING
from expectations.totals import ADDED_UP, STATED
from schemas.filing import ROW
from schemas.findings import Severity
from schemas.models import Form, Scheme

_PHONE = r"^(?:1[0-9]{10}|0[0-9]{2,3}[- ]?[0-9]{7,8})$"  # GX takes no groups that capture
_GRAVITY = {
    Severity.ERROR: FailureSeverity.CRITICAL,
    Severity.WARNING: FailureSeverity.WARNING,
    Severity.NOTICE: FailureSeverity.INFO,
}


def lines_suite(form: Form, scheme: Scheme) -> ExpectationSuite:
    """What the lines of a form must satisfy; the frame also has the column FILING."""
    expectations = [_expectation(check, scheme) for check in line_checks(form)]
    return ExpectationSuite(name=f"{scheme.id}.{form.name}", expectations=expectations)


def totals_suite(form: Form, scheme: Scheme) -> ExpectationSuite:
    """What the written totals of a form must satisfy."""
    expectation = ExpectTotalsToEqualTheirLines(
        column_list=[STATED, ADDED_UP],
        ignore_row_if="any_value_is_missing",
        **_common(totals_check(form)),
    )
    return ExpectationSuite(name=f"{scheme.id}.{form.name}.totals", expectations=[expectation])


def _common(check: Check) -> dict[str, Any]:
    """What every expectation carries, so that its result can be told to people."""
    statement = check.statement
    return {
        "description": f"{statement.zh} / {statement.en}",
        "severity": _GRAVITY[check.severity],
        "meta": {
            "check": check.id,
            "kind": check.kind,
            "severity": check.severity.value,
            "statement": statement.model_dump(),
        },
    }


def _expectation(check: Check, scheme: Scheme) -> Expectation:
    common = _common(check)
    if check.kind == "rule":
        return _rule(check, common)
    if check.kind == "keys":
        columns = [FILING, *(indicator.name for indicator in check.indicators)]
        return ExpectCompoundColumnsToBeUnique(
            column_list=columns, ignore_row_if="any_value_is_missing", **common
        )
    return _column(check, scheme, common)


def _column(check: Check, scheme: Scheme, common: dict[str, Any]) -> Expectation:
    indicator = check.indicator
    column = indicator.name
    match check.kind:
        case "required":
            return ExpectColumnValuesToNotBeNull(column=column, **common)
        case "minimum":
            least = _largest_float_up_to(indicator.minimum)
            return ExpectColumnValuesToBeBetween(column=column, min_value=least, **common)
        case "maximum":
            most = _smallest_float_from(indicator.maximum)
            return ExpectColumnValuesToBeBetween(column=column, max_value=most, **common)
        case "codes":
            codes = [entry.code for entry in scheme.codes(indicator).codes]
            return ExpectColumnValuesToBeInSet(column=column, value_set=codes, **common)
        case "id_number":
            return ExpectColumnToHoldIdNumbers(column=column, **common)
        case "phone":
            return ExpectColumnValuesToMatchRegex(column=column, regex=_PHONE, **common)
    return _formula(check, common)


def _formula(check: Check, common: dict[str, Any]) -> Expectation:
    assert check.relation is not None, check.id
    assert check.indicator.computed is not None, check.id
    return ExpectColumnToEqualItsFormula(
        column_list=list(check.relation.operands),
        computed=check.indicator.name,
        formula=check.indicator.computed,
        half_widths={name: str(width) for name, width in check.relation.half_widths.items()},
        ignore_row_if="never",
        **common,
    )


def _rule(check: Check, common: dict[str, Any]) -> Expectation:
    assert check.relation is not None, check.id
    assert check.rule is not None, check.id
    return ExpectLinesToSatisfyRule(
        column_list=[ROW, *check.relation.operands],  # GX wants at least two columns
        check=check.rule.check,
        when=check.rule.when,
        half_widths={name: str(width) for name, width in check.relation.half_widths.items()},
        ignore_row_if="never",
        **common,
    )


def _largest_float_up_to(limit: Decimal | None) -> float:
    """GX knows bounds only as floats; no stated value lies between the limit and this one."""
    assert limit is not None
    near = float(limit)
    return near if Decimal(near) <= limit else math.nextafter(near, -math.inf)


def _smallest_float_from(limit: Decimal | None) -> float:
    assert limit is not None
    near = float(limit)
    return near if Decimal(near) >= limit else math.nextafter(near, math.inf)
