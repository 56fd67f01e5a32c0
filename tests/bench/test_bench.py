from collections import Counter
from decimal import Decimal

from schemas.models import Scheme
from schemas.period import Period
from schemas.reading.reader import read_submission
from schemas.workbook import open_workbook
from tests.bench.measure import Figure, fastest
from tests.bench.reading import large_sheet, register_of
from tests.bench.register import all_checks, built_in, register


def test_a_figure_holds_within_its_limit() -> None:
    assert Figure("a", 1.5, "×", 1.5).holds
    assert not Figure("a", 1.6, "×", 1.5).holds
    assert Figure("a", 1.6, "s").holds


def test_every_work_is_done_as_often() -> None:
    done: list[str] = []
    assert len(fastest(3, lambda: done.append("a"), lambda: done.append("b"))) == 2
    assert done == ["a", "b"] * 3


def test_the_large_sheet_is_as_large_as_it_says() -> None:
    (sheet,) = open_workbook(large_sheet(20, 25), "x").sheets
    assert {len(row) for row in sheet.rows} == {25}
    assert len(sheet.rows) == 20


def test_the_register_is_read_without_a_finding(scheme: Scheme) -> None:
    read = read_submission("汾西县", register_of(scheme, 20, 60), scheme, Period.parse("2015").end)
    assert {filing.form: len(filing.frame) for filing in read.filings} == {
        "hh_register": 20,
        "hh_member": 60,
    }
    assert not any(filing.findings for filing in read.filings)


def test_one_person_of_each_register_is_found_in_the_next_one(scheme: Scheme) -> None:
    returns = register(scheme, Decimal("0.001"))
    found = Counter(finding.code for finding in all_checks(scheme, returns))
    assert found == {"value-in-two-counties": 32}
    built_in(scheme, returns)
