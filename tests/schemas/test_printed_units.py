"""Printed lines, each in a unit of its own (R09), and what the city itself files (C01)."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from schemas.consolidated.measures import measures
from schemas.findings import Severity
from schemas.layout import form_columns, lay_out
from schemas.models import Scheme
from schemas.period import Period
from schemas.reading.reader import read_submission
from schemas.template.template import write_workbook

H1 = Period.parse("2003H1")
ON = date(2003, 7, 1)
FENXI = "141034"
CITY = "141000"


@pytest.fixture(scope="module")
def blank(scheme: Scheme) -> bytes:
    form = scheme.form("R09")
    return write_workbook(scheme, scheme.county(FENXI), H1, forms=[form])


def test_the_unit_stands_beside_the_indicator_as_column_b(scheme: Scheme, blank: bytes) -> None:
    form = scheme.form("R09")
    numbers = [column.number for column in form_columns(form)]
    assert numbers == ["甲", "乙", "1", "2", "3", "4", "5=3÷1×100", "6=(3-4)÷4×100"]
    sheet = openpyxl.load_workbook(BytesIO(blank))[form.sheet_name]
    assert (sheet["A5"].value, sheet["B5"].value) == ("指标名称", "计量单位")
    assert (sheet["A7"].value, sheet["B7"].value) == ("减少贫困人口", "人")
    assert (sheet["A10"].value, sheet["B10"].value) == ("到位扶贫资金", "万元")
    assert sheet["B7"].protection.locked
    assert sheet["C7"].number_format == "General"


def test_lines_of_different_units_have_no_total(scheme: Scheme) -> None:
    form = scheme.form("R09")
    assert form.totalled == frozenset()
    assert lay_out(form, scheme).total_row is None


def test_a_figure_has_the_unit_and_the_decimals_of_its_line(scheme: Scheme) -> None:
    found = {measure.name: measure for measure in measures(scheme.form("R09"), scheme)}
    assert (found["lifted_ytd_value"].unit, found["lifted_ytd_value"].decimals) == ("person", 0)
    assert (found["funds_ytd_value"].unit, found["funds_ytd_value"].decimals) == ("wan_yuan", 4)
    assert (found["funds_plan_pct"].unit, found["funds_plan_pct"].decimals) == ("percent", 1)


def test_a_changed_unit_is_told_and_the_line_not_accepted(scheme: Scheme, blank: bytes) -> None:
    book = openpyxl.load_workbook(BytesIO(blank))
    sheet = book[scheme.form("R09").sheet_name]
    for row in range(7, 20):
        for column in "CDEF":
            sheet[f"{column}{row}"] = 0
    sheet["B7"] = "万人"
    sheet["B8"] = " 人 "
    content = BytesIO()
    book.save(content)
    reading = read_submission("r.xlsx", content.getvalue(), scheme, ON)
    (filing,) = reading.filings
    (finding,) = [f for f in filing.findings if f.code == "line-unit"]
    assert finding.severity is Severity.ERROR
    assert [cell.address for cell in finding.cells] == ["B7"]
    assert finding.parameters["stated"] == "万人"


def test_the_city_files_its_plan_and_names_the_counties_in_it(scheme: Scheme) -> None:
    form = scheme.form("plan_targets")
    assert scheme.owing(form, H1) == (scheme.municipality,)
    line = {"county": FENXI, "item": "lifted", "target": None, "document": "1号"}
    content = write_workbook(
        scheme, scheme.municipality, H1, {form.name: [line, {**line, "county": "141031"}]}
    )
    reading = read_submission("x.xlsx", content, scheme, ON)
    assert (reading.county, reading.period) == (CITY, "2003H1")
    frame = next(f.frame for f in reading.filings if f.form == form.name)
    assert frame["county"].tolist() == [FENXI, "141031"]


def test_a_plan_may_name_a_county_in_any_of_its_spellings(scheme: Scheme) -> None:
    codes = scheme.code_lists["counties"].by_spelling
    assert codes["隰縣"].code == codes["隰县"].code == codes["141031"].code == "141031"


def test_the_plan_of_a_year_calls_for_nothing_from_the_counties(scheme: Scheme) -> None:
    year = Period.parse("2016")
    assert [form.name for form in scheme.forms_owed(scheme.municipality, year)] == ["plan_targets"]
    assert scheme.forms_owed(scheme.county(FENXI), year) == ()


def test_the_register_is_due_at_the_end_of_february(scheme: Scheme) -> None:
    entry = scheme.period("2015")
    assert scheme.due(scheme.form("hh_register"), entry) == date(2016, 2, 28)
    assert scheme.due(scheme.form("pv"), entry) == entry.due == date(2016, 1, 10)


def test_every_summed_number_of_linfen_that_is_no_plan_or_event_says_its_nature(
    scheme: Scheme,
) -> None:
    natures = {
        f"{form.name}.{i.name}": i.nature
        for form in scheme.forms
        for i in form.indicators
        if i.nature is not None
    }
    assert natures["biogas.stock_now"] == "stock"
    assert natures["biogas.built_period"] == "flow"
    assert natures["biogas.built_ytd"] == "cumulative"
    assert len(natures) > 100
