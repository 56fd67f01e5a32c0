"""The benchmark itself, in small: the checks of a few forms against faults whose truth is known."""

from decimal import Decimal
from random import Random

import pytest

from schemas.models import Scheme
from schemas.period import Period
from tests.bench_checks.faults import MECHANISMS, seeded
from tests.bench_checks.report import Measured, measured, table
from tests.bench_checks.statements import holds, names
from tests.bench_checks.truth import slips
from tests.bench_checks.world import World

_FORMS = ("fund_arrival", "reduction", "training", "social_assist", "fund_allotment")


@pytest.fixture(scope="module")
def found(scheme: Scheme) -> Measured:
    return measured(scheme, 2, periods=("2003H1",))


def test_every_fault_that_can_be_seen_is_found(found: Measured) -> None:
    assert len(found.rows) == len(MECHANISMS) == 20
    assert found.whole.visible >= 30
    assert found.whole.detected == found.whole.visible


def test_clean_returns_have_no_errors_and_few_warnings(found: Measured) -> None:
    (clean,) = found.clean
    assert (clean.errors, clean.most_warnings) == (0, 1)


def test_the_table_has_a_line_for_each_mechanism(found: Measured) -> None:
    lines = table(found).splitlines()
    assert [line.split()[0] for line in lines[1:22]] == [*MECHANISMS, "all"]


def test_the_benchmark_has_arithmetic_of_its_own() -> None:
    line = {"a": Decimal("10.00"), "b": Decimal("3.00"), "pct": Decimal("30.00")}
    reach = Decimal("0.005").as_integer_ratio()

    def half(_: str):  # type: ignore[no-untyped-def]
        from fractions import Fraction

        return Fraction(*reach)

    assert holds("pct = b / a × 100", None, line.__getitem__, half)
    assert holds("pct = b / a × 100", None, {**line, "b": Decimal(4)}.__getitem__, half) is False
    assert holds("b ≤ a", "a > 20", line.__getitem__, half) is None
    assert list(names("a + previous(b.c) ≥ count(d where e = 'x')")) == [
        "a",
        "previous(b.c)",
        "count(d, e == 'x')",
    ]


def test_a_seed_gives_the_same_faults(scheme: Scheme) -> None:
    world = World(scheme, Period.parse("2003H1"), Random(1))
    one, other = (next(seeded("swap", world.sheets, Random(5))) for _ in range(2))
    assert (one.wrong, one.faulty) == (other.wrong, other.faulty)


def test_slips_keep_the_decimal_point() -> None:
    assert Decimal("1.5") in {*slips("1.55")}
    assert all(value >= 0 for value in slips("12"))
