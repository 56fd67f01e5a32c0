"""The value of a computed cell: what its formula shows, or should have shown.

The formulas are the form's own. Where the office program did not work one out, or left out numbers
that are text, it is worked out here and told; what a person wrote over it stays, to be checked.
"""

from collections.abc import Mapping
from decimal import Decimal

from schemas.language import expression
from schemas.language.expression import Value
from schemas.models import Form, Indicator
from schemas.rules.formulas import compute, in_words
from schemas.typed.cells import (
    Parameters,
    Problem,
    Terms,
    TypedCell,
    is_blank,
    plain,
    shown,
    type_cell,
)
from schemas.workbook import CellError, PerCent, RawCell

_HALF = Decimal("0.5")  # a share of two decimals says no more of the per cent


def type_computed(
    cell: RawCell,
    indicator: Indicator,
    form: Form,
    values: Mapping[str, Value | None],
    texts: frozenset[str],
    terms: Terms,
) -> TypedCell:
    """The value of a computed cell on a line whose other values are known.

    `texts` are the columns whose value on this line is text in the workbook, which its formulas
    take for 0.
    """
    node = indicator.formula
    assert node is not None, indicator.name
    operands = expression.names(node)
    if not values.keys() >= set(operands):
        # A column is gone, and that is told.
        return _unless_share(cell, type_cell(cell, indicator, terms), terms)
    if cell is CellError.NOT_CALCULATED:
        cell = ""  # the formula is the form's own, and is worked out here
    if isinstance(cell, CellError) and any(values[name] is None for name in operands):
        return TypedCell()  # the operand that is wrong is told
    given = compute(indicator, values)
    if is_blank(cell):
        return TypedCell() if given is None else _worked_out("value-computed", form, node, given)
    typed = type_cell(cell, indicator, terms)
    if given is None and typed.value == 0:
        return TypedCell()  # a .xls file stores 0 where a formula shows nothing
    if given is None:
        return _unless_share(cell, typed, terms)
    if terms.of_hundred and _is_share_of(typed.value, given):
        return _worked_out("value-share-computed", form, node, given)
    if given != typed.value and not texts.isdisjoint(operands):
        ignoring = compute(indicator, {**values, **dict.fromkeys(texts, Decimal(0))})
        if typed.value == (ignoring or 0):
            return _worked_out("value-recomputed", form, node, given)
    return typed


def _unless_share(cell: RawCell, typed: TypedCell, terms: Terms) -> TypedCell:
    """A value of per cent that nothing can be compared with, if it cannot be a share of one."""
    value = typed.value
    if not terms.of_hundred or not isinstance(value, Decimal) or not 0 < abs(value) <= 1:
        return typed
    if isinstance(cell, PerCent) or _has_sign(typed):
        return typed
    told: Parameters = {"stated": shown(cell), "kept": plain(value * 100)}
    return TypedCell(problems=(Problem("value-share", told),))


def _has_sign(typed: TypedCell) -> bool:
    """Whether the sign of per cent was written."""
    return any(problem.code == "value-unit-converted" for problem in typed.problems)


def _is_share_of(value: Value | None, given: Decimal) -> bool:
    """Whether a share of one stands where per cent are asked for: 0.852 for 85.20."""
    if not isinstance(value, Decimal) or value in (0, given):
        return False
    return abs(value * 100 - given) <= _HALF


def _worked_out(code: str, form: Form, node: expression.Node, given: Decimal | None) -> TypedCell:
    formula = in_words(node, lambda name: form[name].label)
    return TypedCell(given, problems=(Problem(code, {"formula": formula}),))
