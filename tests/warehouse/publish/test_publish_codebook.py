"""The codebook says everything that a scheme declares, in both languages."""

import io
import re

import pytest
from openpyxl import load_workbook

from schemas.consolidated.measures import measures
from schemas.messages import catalogue
from schemas.models import Scheme
from schemas.period import Period
from schemas.scheme import load_scheme
from tests.lakeside import LAKESIDE
from warehouse.publish.codebook_files import codebook_files


@pytest.fixture(scope="module")
def files(scheme: Scheme) -> dict[str, bytes]:
    return codebook_files(scheme)


@pytest.fixture(scope="module")
def lakeside() -> Scheme:
    return load_scheme(LAKESIDE)


def sheet(files: dict[str, bytes], name: str) -> list[tuple[object, ...]]:
    book = load_workbook(io.BytesIO(files["codebook.xlsx"]))
    return list(book[name].iter_rows(values_only=True, min_row=2))


def page(scheme: Scheme) -> str:
    return codebook_files(scheme)["codebook.html"].decode()


def test_the_workbook_has_a_line_for_every_part_of_the_scheme(
    files: dict[str, bytes], scheme: Scheme
) -> None:
    forms = scheme.forms
    declared = [rule for file in scheme.rule_files.values() for rule in file.rules]
    counts = {
        "报表 Forms": len(forms),
        "指标 Columns": sum(len(form.indicators) for form in forms),
        "审核关系 Rules": sum(len(form.rules) for form in forms),
        "表间审核关系 Rules between forms": len(declared) + len(scheme.following),
        "汇总指标 Published figures": sum(len(measures(form, scheme)) for form in forms),
        "代码表 Code lists": sum(len(codes.codes) for codes in scheme.code_lists.values()),
        "计量单位 Units": len(scheme.units),
        "县(市、区) Counties": 1 + len(scheme.counties),
        "报告期 Periods": len(scheme.periods),
        "审核问题 Findings": len(catalogue()),
    }
    assert {name: len(sheet(files, name)) for name in counts} == counts


def test_a_column_is_told_in_both_languages(files: dict[str, bytes]) -> None:
    line = next(
        row for row in sheet(files, "指标 Columns") if row[0] == "R04" and row[2] == "plan_pct"
    )
    told = [cell for cell in line if cell]
    assert told[1:5] == ["7", "plan_pct", "完成计划比例", "Share of the plan"]
    assert "built_ytd / plan_year * 100" in told
    assert "recomputed from sums" in told


def test_a_rule_between_forms_stands_at_the_form_it_judges(files: dict[str, bytes]) -> None:
    lines = {row[1]: row for row in sheet(files, "表间审核关系 Rules between forms")}
    issued, carried = lines["R09-issued"], lines["R18-carried-over"]
    assert (issued[0], issued[4:8]) == (
        "R09",
        (
            "年计划等于市下达的年计划",
            "The plan of the year is the target that the city issued",
            "main_indicator",
            "indicator_progress.{code}_plan_year = plan(plan_targets.{code}_target)",
        ),
    )
    assert issued[9:11] == (
        "C01 年度计划分县下达表（全年计划）",
        "C01 Targets issued to the counties (plan of the year)",
    )
    assert carried[9:11] == (
        "R18 减贫任务与脱贫摘帽进度表（上年末）",
        "R18 Poverty reduction and delisting (end of last year)",
    )


def test_the_page_needs_nothing_else_and_names_every_column(
    files: dict[str, bytes], scheme: Scheme
) -> None:
    html = files["codebook.html"].decode()
    assert not re.search(r"<script|<link|src=|https?://", html)
    for form in scheme.forms:
        assert f'id="{form.name}"' in html
        for indicator in form.indicators:
            assert f"<code>{indicator.name}</code>" in html


def test_every_finding_is_registered_with_what_it_says(files: dict[str, bytes]) -> None:
    line = next(row for row in sheet(files, "审核问题 Findings") if row[0] == "total-differs")
    assert line[1:7] == (
        "强制性",
        "must be corrected",
        "合计不符",
        "Total differs",
        "“…”的合计是…，但按各行计算是…，相差…。",
        "The total of … is …, but its lines give …; the difference is ….",
    )


def test_what_changed_over_time_is_told_with_the_reason(lakeside: Scheme) -> None:
    html = page(lakeside)
    for told in (
        "until 2015 called “Households with a tap”: Public taps are no longer meant",
        "since 2015: Water is charged by the meter from 2015 on.",
        "until 2014: The last timber bridge was pulled down in 2014.",
        "until 2014: Reedmarsh was merged into Stonebridge in 2015.; merged into Stonebridge",
        "until 2015 called “Millbrook”: Millbrook became a city in 2016.",
    ):
        assert told in html


def test_the_codebook_of_a_period_is_that_of_all_times(lakeside: Scheme) -> None:
    assert codebook_files(lakeside.at(Period.parse("2014"))) == codebook_files(lakeside)


def test_a_column_is_told_with_its_nature_its_other_headings_and_whose_it_is(
    files: dict[str, bytes],
) -> None:
    columns = sheet(files, "指标 Columns")
    stock = next(row for row in columns if row[0] == "R04" and row[2] == "stock_now")
    assert {"年末累计", "时点数", "at the end of the period"} <= set(stock)
    (number,) = [row for row in columns if row[0] == "R14" and row[2] == "head_id"]
    assert "证件号码；只属一个县；个人信息，不公布" in number


def test_deadlines_and_conversions_of_units_are_told(files: dict[str, bytes]) -> None:
    register = next(row for row in sheet(files, "报表 Forms") if row[0] == "R14")
    assert "年报：期末后59天" in register
    power = next(row for row in sheet(files, "计量单位 Units") if row[0] == "kilowatt")
    assert "1兆瓦=1000千瓦；1mw=1000千瓦" in power
