"""The arithmetic of a form as Excel formulas, and the values that Excel would show for it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

from schemas.language import expression
from schemas.language.expression import Line, Value
from schemas.models import Form, Indicator
from schemas.text import Text

_WIDE = Context(prec=400)  # wider than any number a workbook holds, so that rounding never fails


def rounded(value: Decimal, decimals: int) -> Decimal:
    """A number with exactly `decimals` decimals, halves away from zero, as Excel rounds."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)


def computed_formula(indicator: Indicator, cell: Callable[[str], str]) -> str:
    """The formula of a computed column; `cell` gives the address of an indicator.

    It shows nothing while a part is blank or a divisor is zero; a declared nil counts as zero.
    """
    node = indicator.formula
    assert node is not None, indicator.name
    blank = [f'{cell(name)}=""' for name in expression.names(node)]
    zero = [f"{_excel(divisor, cell)}=0" for divisor in _divisors(node)]
    unknown = f"OR({','.join(blank)})"
    value = f"ROUND({_excel(node, cell)},{indicator.decimals})"
    for condition in (*zero, unknown):
        value = f'IF({condition},"",{value})'
    return f"={value}"


def total_formula(indicator: Indicator, cells: str) -> str:
    """The formula of a total over a range such as C9:C38; it shows nothing over blanks."""
    function = {"max": "MAX", "min": "MIN"}.get(indicator.aggregation, "SUM")
    return f'=IF(COUNT({cells})=0,"",{function}({cells}))'


def _excel(node: expression.Node, cell: Callable[[str], str]) -> str:
    return expression.render(node, lambda name: f"N({cell(name)})").replace(" ", "")


def _divisors(node: expression.Node) -> Iterator[expression.Node]:
    if isinstance(node, expression.Binary):
        yield from _divisors(node.left)
        yield from _divisors(node.right)
        if node.operator == "/":
            yield node.right


def completed(form: Form, line: Line) -> dict[str, Value | None]:
    """A line with its computed columns, each rounded as its cell is.

    A computed column may use those that stand before it.
    """
    values: dict[str, Value | None] = {i.name: line.get(i.name) for i in form.indicators}
    for indicator in form.indicators:
        if indicator.formula is not None:
            values[indicator.name] = compute(indicator, values)
    return values


def totals(form: Form, lines: Sequence[Line]) -> dict[str, Decimal | None]:
    """The total of each column that has one over completed lines."""
    found: dict[str, Value | None] = {}
    for indicator in (i for i in form.indicators if i.name in form.totalled):
        stated = [expression.number(line[indicator.name]) for line in lines if indicator.numeric]
        values = [value for value in stated if value is not None]
        if indicator.aggregation == "sum":
            found[indicator.name] = sum(values, Decimal(0)) if values else None
        elif indicator.aggregation == "max":
            found[indicator.name] = max(values, default=None)
        elif indicator.aggregation == "min":
            found[indicator.name] = min(values, default=None)
    for indicator in form.indicators:
        if indicator.aggregation == "ratio" and indicator.name in form.totalled:
            found[indicator.name] = compute(indicator, found)
    return {name: expression.number(value) for name, value in found.items()}


def compute(indicator: Indicator, values: Mapping[str, Value | None]) -> Decimal | None:
    """What a computed column is on a line, rounded as its cell is; None where it is unknown."""
    assert indicator.formula is not None, indicator.name
    value = expression.number(expression.evaluate(indicator.formula, values))
    return None if value is None else rounded(value, indicator.decimals)


def in_words(node: expression.Node, operand: Callable[[str], Text]) -> Text:
    """Arithmetic as people write it, each indicator shown by `operand`."""
    # Operands are filled in last, so that a sign in a heading is not taken for arithmetic.
    names = expression.names(node)
    pattern = expression.render(node, lambda name: f"{{{names.index(name)}}}")
    pattern = pattern.replace("*", " × ").replace("/", " ÷ ")
    words = [operand(name) for name in names]
    return Text(
        zh=pattern.format(*(text.zh for text in words)),
        en=pattern.format(*(text.en for text in words)),
    )
