"""A column whose unit stands on each line: quantities of different units are never added up."""

import shutil
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from schemas.consolidated.measures import measures
from schemas.errors import SchemeError
from schemas.layout import lay_out
from schemas.models import Scheme
from schemas.period import Period
from schemas.reading.reader import read_submission
from schemas.sample import sample_lines
from schemas.scheme import CATALOG, load_scheme
from schemas.template.template import write_workbook

LINFEN = CATALOG / "linfen"
DANING = "141030"
NAME = "141030-大宁县-2015.xlsx"


@pytest.fixture(scope="module")
def content(scheme: Scheme) -> bytes:
    period = Period.parse("2015")
    lines = sample_lines(scheme, LINFEN, period)[DANING]
    return write_workbook(scheme, scheme.county(DANING), period, lines)


def total_address(scheme: Scheme) -> str:
    layout = lay_out(scheme.form("R27"), scheme)
    assert layout.total_row is not None
    return f"{'ABCDEFGHIJ'[layout.column('quantity')]}{layout.total_row + 1}"


def test_the_sheet_has_no_total_of_the_column(scheme: Scheme, content: bytes) -> None:
    sheet = openpyxl.load_workbook(BytesIO(content))[scheme.form("R27").sheet_name]
    assert sheet[total_address(scheme)].value is None


def test_a_total_written_all_the_same_is_not_read(scheme: Scheme, content: bytes) -> None:
    book = openpyxl.load_workbook(BytesIO(content))
    book[scheme.form("R27").sheet_name][total_address(scheme)] = 7000
    changed = BytesIO()
    book.save(changed)
    on = scheme.period("2015").due
    reading = read_submission(NAME, changed.getvalue(), scheme, on)
    filing = next(f for f in reading.filings if f.form == "area_dev")
    assert "quantity" not in {total.indicator for total in filing.totals}


def test_the_municipal_table_has_one_column_per_unit(scheme: Scheme) -> None:
    found = [m for m in measures(scheme.form("R27"), scheme) if m.indicator == "quantity"]
    assert [m.labels[0].zh for m in found] == ["亩", "只", "公里", "座", "平方米"]
    assert all(m.where[0][0] == "quantity_unit" for m in found)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("{by: quantity_unit, total: false,", "{", "'quantity' would add up different units"),
        (
            "{by: quantity_unit, total: false,",
            "{by: quantity_unit,",
            "'quantity' would add up different units",
        ),
        (
            "unit_from: quantity_unit",
            "unit_from: work",
            "quantity: 'work' is not a coded column of area_dev to take the unit from",
        ),
        (
            "unit_from: quantity_unit",
            "unit: count, unit_from: quantity_unit",
            "quantity: a number needs a unit, or else a column for it in unit_from",
        ),
        (
            "unit_from: quantity_unit,",
            "",
            "quantity: a number needs a unit, or else a column for it in unit_from",
        ),
    ],
)
def test_a_scheme_that_would_add_up_different_units_is_refused(
    old: str, new: str, problem: str, tmp_path: Path
) -> None:
    folder = tmp_path / "linfen"
    shutil.copytree(LINFEN, folder)
    file = folder / "forms" / "area_dev.yaml"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SchemeError) as raised:
        load_scheme(folder)
    assert any(told.endswith(f": {problem}") for told in raised.value.problems)
