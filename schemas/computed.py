"""The value of a computed cell: what its formula shows, or should have shown.

The formulas are the form's own. Where the office program did not work one out, or left out numbers
that are text, it is worked out here and told; what a person wrote over it stays, to be checked.
"""

from collections.abc import Mapping
from decimal import Decimal

from schemas import expression
from schemas.cells import Problem, TypedCell, is_blank, type_cell
from schemas.expression import Value
from schemas.formulas import compute, in_words
from schemas.models import Form, Indicator
from schemas.workbook import CellError, RawCell


def type_computed(
    cell: RawCell,
    indicator: Indicator,
    form: Form,
    values: Mapping[str, Value | None],
    texts: frozenset[str],
) -> TypedCell:
    """The value of a computed cell on a line whose other values are known.

    `texts` are the columns whose value on this line is text in the workbook, which its formulas
    take for 0.
    """
    node = indicator.formula
    assert node is not None, indicator.name
    operands = expression.names(node)
    if not values.keys() >= set(operands):
        return type_cell(cell, indicator, None)  # a column is gone, and that is told
    if cell is CellError.NOT_CALCULATED:
        cell = ""  # the formula is the form's own, and is worked out here
    if isinstance(cell, CellError) and any(values[name] is None for name in operands):
        return TypedCell()  # the operand that is wrong is told
    given = compute(indicator, values)
    if is_blank(cell):
        return TypedCell() if given is None else _worked_out("value-computed", form, node, given)
    typed = type_cell(cell, indicator, None)
    if given is None and typed.value == 0:
        return TypedCell()  # a .xls file stores 0 where a formula shows nothing
    if given not in (None, typed.value) and not texts.isdisjoint(operands):
        ignoring = compute(indicator, {**values, **dict.fromkeys(texts, Decimal(0))})
        if typed.value == (ignoring or 0):
            return _worked_out("value-recomputed", form, node, given)
    return typed


def _worked_out(code: str, form: Form, node: expression.Node, given: Decimal | None) -> TypedCell:
    formula = in_words(node, lambda name: form[name].label)
    return TypedCell(given, problems=(Problem(code, {"formula": formula}),))
