"""The arithmetic that may be done on totals: sums of columns with coefficients, their quotients."""

from dataclasses import dataclass
from decimal import Decimal

from schemas.language.expression import Binary, Name, Node, Number, render


@dataclass(frozen=True)
class Ratio:
    """A quotient of two sums times a factor: what can be recomputed for a total."""

    numerator: Node
    denominator: Node
    factor: Decimal

    @property
    def operands(self) -> tuple[str, ...]:
        """The indicators whose totals it is recomputed from, each once, numerator first."""
        return tuple({**linear(self.numerator), **linear(self.denominator)})


def ratio_of(node: Node) -> Ratio:
    """Take apart `a / b` or `a / b * k`, where a and b are `linear`.

    Raises ValueError for anything else.
    """
    match node:
        case Binary("*", Binary("/", numerator, denominator), Number(factor)):
            found = Ratio(numerator, denominator, factor)
        case Binary("/", numerator, denominator):
            found = Ratio(numerator, denominator, Decimal(1))
        case _:
            raise ValueError("a recomputed ratio is written a / b or a / b * 100")
    linear(found.numerator)
    linear(found.denominator)
    return found


def linear(node: Node) -> dict[str, Decimal]:
    """Take arithmetic apart into a sum of indicators with coefficients.

    Raises ValueError for anything else, as only such arithmetic may be done on totals: the total
    of `a - b` is that of a minus that of b, but the total of `a * b` is no product of totals.
    """
    match node:
        case Name(name):
            return {name: Decimal(1)}
        case Binary("*", Number(factor), other) | Binary("*", other, Number(factor)):
            return {name: factor * coefficient for name, coefficient in linear(other).items()}
        case Binary("-", Number(zero), other) if zero == 0:
            return {name: -coefficient for name, coefficient in linear(other).items()}
        case Binary("+" | "-" as operator, left, right):
            terms = linear(left)
            for name, coefficient in linear(right).items():
                signed = coefficient if operator == "+" else -coefficient
                terms[name] = terms.get(name, Decimal(0)) + signed
            return terms
    wrong = render(node, lambda name: name)
    raise ValueError(
        f"a ratio of totals is made of sums and differences of columns, not of {wrong}"
    )
