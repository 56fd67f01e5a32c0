"""The benchmark itself, in small: the checks of a few forms against faults whose truth is known."""

import ast
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from expectations.validate import validate
from schemas.models import Scheme
from schemas.period import Period
from tests.bench_checks.faults import MECHANISMS, seeded
from tests.bench_checks.report import Measured, measured, table
from tests.bench_checks.score import Judged
from tests.bench_checks.statements import holds, names
from tests.bench_checks.truth import can_be_seen, slips
from tests.bench_checks.workbooks import read_back
from tests.bench_checks.world import World


@pytest.fixture(scope="module")
def found(scheme: Scheme) -> Measured:
    return measured(scheme, 2, periods=("2003H1",))


@pytest.fixture(scope="module")
def world(scheme: Scheme) -> World:
    return World(scheme, Period.parse("2003H1"), Random(1))


def test_every_fault_that_can_be_seen_is_found(found: Measured) -> None:
    assert len(found.rows) == len(MECHANISMS) == 20
    assert found.whole.draws == 36  # two of each; in the middle of 2003 all of a year is one period
    assert found.whole.visible >= 30
    assert found.whole.detected == found.whole.visible


def test_clean_returns_have_no_errors_and_few_warnings(found: Measured) -> None:
    (clean,) = found.clean
    assert (clean.errors, clean.most_warnings) == (0, 1)


def test_the_table_has_a_line_for_each_mechanism(found: Measured) -> None:
    lines = table(found).splitlines()
    assert [line.split()[0] for line in lines[1:23]] == [*MECHANISMS, "all", "between"]


def test_every_fault_that_can_be_seen_is_in_one_column(found: Measured) -> None:
    for row in (*found.rows, found.whole, found.between):
        assert row.told + row.ties == row.visible
        assert row.as_tie + row.alone + row.wrong + row.silent == row.ties
        assert row.right + row.told_wrong <= row.told  # others are ties, or nothing is said


def test_wrong_is_what_is_told_alone_and_is_not_so(world: World) -> None:
    judged = Judged(
        fault=next(seeded("sign", world.sheets, Random(5))),
        visible=True,
        told=True,
        detected=True,
        right=False,
        placed=False,
        shown=False,
        tie=False,
        silent=False,
        between=False,
    )
    others = [
        replace(judged, right=True),
        replace(judged, placed=True),
        replace(judged, tie=True),
        replace(judged, silent=True),
    ]
    assert judged.wrong
    assert not any(other.wrong for other in others)


def test_the_benchmark_has_arithmetic_of_its_own() -> None:
    line = {"a": Decimal("10.00"), "b": Decimal("3.00"), "pct": Decimal("30.00")}

    def half(_: str) -> Fraction:
        return Fraction(1, 200)

    assert holds("pct = b / a × 100", None, line.__getitem__, half)
    assert holds("pct = b / a × 100", None, {**line, "b": Decimal(4)}.__getitem__, half) is False
    assert holds("b ≤ a", "a > 20", line.__getitem__, half) is None
    assert list(names("a + previous(b.c) ≥ count(d where e = 'x')")) == [
        "a",
        "previous(b.c)",
        "count(d, e == 'x')",
    ]


@pytest.mark.parametrize(
    "module", ["declared", "faults", "sheets", "statements", "truth", "workbooks", "world"]
)
def test_what_makes_faults_and_knows_the_truth_shares_no_code_with_the_checks(module: str) -> None:
    tree = ast.parse((Path(__file__).parent / f"{module}.py").read_text("utf-8"))
    imported = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    imported += [
        n.name for node in ast.walk(tree) if isinstance(node, ast.Import) for n in node.names
    ]
    assert not [name for name in imported if name.startswith("expectations")]
    assert not {
        "schemas.rules.checks",
        "schemas.language.expression",
        "schemas.rules.statement",
    } & {*imported}


@pytest.mark.parametrize("name", ["unit_cell", "sign", "total_twice", "digit_replaced"])
def test_faults_typed_into_a_real_workbook_are_found_too(
    scheme: Scheme, world: World, name: str
) -> None:
    sheets = [sheet for sheet in world.sheets if sheet.form.name == "fund_arrival"]
    fault = next(f for f in seeded(name, sheets, Random(3)) if can_be_seen(f, world))
    filing = read_back(fault, scheme)
    (checked,) = validate([filing], scheme)
    assert checked.findings
    typed = {str(fault.faulty[place]) for place in fault.wrong}
    shown = {c.stated for f in checked.findings for d in f.diagnoses for c in d.changes}
    assert {Decimal(value) for value in typed} <= {Decimal(value) for value in shown}


def test_a_seed_gives_the_same_faults(world: World) -> None:
    one, other = (next(seeded("swap", world.sheets, Random(5))) for _ in range(2))
    assert (one.wrong, one.faulty) == (other.wrong, other.faulty)


def test_slips_keep_the_decimal_point() -> None:
    assert Decimal("1.5") in {*slips("1.55")}
    assert all(value >= 0 for value in slips("12"))
    assert Decimal("2.16") in {*slips("0.216")}
    assert {Decimal(100), Decimal("1.2")}.isdisjoint(slips("012"))
