"""What counties report against what the city filed itself: targets, allotted funds, old tables."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from expectations.between import validate_between
from schemas import messages
from schemas.consolidated.figures import Figure, Source, wanted
from schemas.consolidated.relations import operand
from schemas.filing import Checked, Filing
from schemas.models import MUNICIPALITY, Scheme
from tests.expectations.conftest import VALID, YAODU
from tests.expectations.test_between import accepted, counts, finding, result

Make = Callable[..., Filing]
Line = dict[str, object]
CITY, JI = "141000", "141028"


def progress(make: Make, *lines: tuple[str, int, int]) -> Filing:
    """R09 with lines of an indicator, its plan and last year's figure."""
    return make(
        "indicator_progress",
        lines=[
            {
                "item": item,
                "plan_year": Decimal(plan),
                "period_value": Decimal(0),
                "ytd_value": Decimal(0),
                "ytd_prev": Decimal(before),
                "plan_pct": None,
                "growth_pct": None,
            }
            for item, plan, before in lines
        ],
    )


def targets(make: Make, *lines: tuple[str, str, int]) -> Filing:
    """C01 with lines of a county, an indicator and its target."""
    issued = [
        {
            "county": county,
            "item": item,
            "target": Decimal(target),
            "document": "临扶贫发〔2015〕3号",
        }
        for county, item, target in lines
    ]
    return make("plan_targets", lines=issued, county=CITY)


def published(make: Make, *lines: tuple[str, str, int]) -> Filing:
    """C03 with lines of a county, an indicator and the figure that was published."""
    figures = [
        {"county": county, "item": item, "value": Decimal(value), "published_in": "2014年度汇总表"}
        for county, item, value in lines
    ]
    return make("prior_published", lines=figures, county=CITY)


def allotted(make: Make, *lines: tuple[str, str, str]) -> Filing:
    """C02 with lines of a county, a number of a document and an amount of the province."""
    sums = [
        {
            "county": county,
            "doc_no": f"晋财农〔2015〕{number}号",
            "source_level": "province",
            "fund_kind": "development",
            "issued_on": None,
            "issued": Decimal(amount),
        }
        for county, number, amount in lines
    ]
    return make("fund_allotment", lines=sums, county=CITY)


def judged(scheme: Scheme, filing: Filing, city: Filing) -> Checked:
    """How a filing of a county came out beside one that the city sent in a file of its own."""
    (checked,), _ = validate_between([[filing], [city]], scheme, {})
    return checked


def test_a_plan_that_is_not_the_one_issued_is_told_with_its_cell(
    filing: Make, scheme: Scheme
) -> None:
    report = progress(filing, ("lifted", 2000, 0), ("relocated", 480, 0))
    plan = targets(filing, (YAODU, "lifted", 2100), (JI, "lifted", 700), (YAODU, "relocated", 480))
    checked = judged(scheme, report, plan)
    found = finding(checked, "R09-issued-lifted")
    assert (found.observed, found.expected, found.difference) == ("2000", "= 2100", Decimal(-100))
    assert [str(cell) for cell in found.cells] == [f"{report.sheet}!B8"]
    assert messages.fact(found, "zh") == (
        "应满足“减少贫困人口：年计划等于市下达的年计划”，实际："
        "减少贫困人口 · 年计划 2000 ≠ 《年度计划分县下达表》减少贫困人口 · 年计划 2100。"
    )
    assert counts(checked, "R09-issued-relocated") == (1, 0, 0)
    assert len(checked.findings) == 1


def test_an_indicator_for_which_no_target_was_issued_is_not_compared(
    filing: Make, scheme: Scheme
) -> None:
    report = progress(filing, ("lifted", 2000, 0))
    checked = judged(scheme, report, targets(filing, (JI, "lifted", 700)))
    assert counts(checked, "R09-issued-lifted") == (0, 0, 0)


@pytest.mark.parametrize(("task", "outcome"), [(480, (1, 0, 0)), (479, (0, 1, 0))])
def test_the_task_of_a_county_is_the_target_of_its_year(
    filing: Make, scheme: Scheme, task: int, outcome: tuple[int, int, int]
) -> None:
    month = replace(filing("relocation_progress", {"plan_persons": task}), period="2015-03")
    plan = targets(filing, (YAODU, "relocated", 480), (JI, "relocated", 5))
    checked = judged(scheme, month, plan)
    assert counts(checked, "R02-issued") == outcome
    if outcome[1]:
        found = finding(checked, "R02-issued")
        assert [cell.address for cell in found.cells] == [f"{month.columns['plan_persons']}8"]
        assert "计划人数 479 ≠ 《年度计划分县下达表》2015年易地扶贫搬迁 · 年计划 480" in (
            messages.fact(found, "zh")
        )


def test_the_target_filed_with_the_period_itself_counts_where_the_year_has_none(
    filing: Make, scheme: Scheme
) -> None:
    biogas = filing("biogas")
    plan = replace(targets(filing, (YAODU, "biogas", 301)), period=biogas.period)
    found = finding(judged(scheme, biogas, plan), "R04-issued")
    assert (found.observed, found.expected) == ("300", "= 301")


def test_last_years_figure_is_the_published_one(filing: Make, scheme: Scheme) -> None:
    report = progress(filing, ("lifted", 0, 1500), ("relocated", 0, 400))
    tables = published(
        filing, (YAODU, "lifted", 1500), (YAODU, "relocated", 440), (JI, "relocated", 9)
    )
    checked = judged(scheme, report, tables)
    assert counts(checked, "R09-published-lifted") == (1, 0, 0)
    found = finding(checked, "R09-published-relocated")
    assert (found.difference, [cell.address for cell in found.cells]) == (Decimal(-40), ["E9"])


def test_last_years_figure_is_that_of_last_years_return(filing: Make, scheme: Scheme) -> None:
    report = progress(filing, ("lifted", 0, 1500))
    known = accepted(scheme, "indicator_progress.lifted_ytd_value", 1499, "2014")
    ((checked,),) = validate_between([[report]], scheme, known)
    found = finding(checked, "R09-last-year-lifted")
    assert (found.difference, [cell.address for cell in found.cells]) == (Decimal(1), ["E8"])


def test_funds_are_those_that_the_city_allotted(filing: Make, scheme: Scheme) -> None:
    arrival = filing("fund_arrival")
    agreed = allotted(filing, (YAODU, "105", "100"), (YAODU, "106", "100"), (JI, "105", "1"))
    assert judged(scheme, arrival, agreed).findings == ()
    more = allotted(filing, (YAODU, "105", "100"), (YAODU, "106", "99.5"), (JI, "105", "1"))
    found = finding(judged(scheme, arrival, more), "R07-allotted-province")
    assert (found.observed, found.expected, found.difference) == ("200", "= 199.5", Decimal("0.5"))
    column = arrival.columns["issued"]
    assert [cell.address for cell in found.cells] == [f"{column}8", f"{column}9"]


def test_a_document_under_way_is_no_difference(filing: Make, scheme: Scheme) -> None:
    arrival = filing("fund_arrival", lines=VALID["fund_arrival"][:1])
    both = allotted(filing, (YAODU, "105", "100"), (YAODU, "106", "100"))
    checked = judged(scheme, arrival, both)
    assert counts(checked, "R07-allotted-province") == (0, 0, 0)
    assert counts(checked, "R07-allotted-part-province") == (1, 0, 0)


def test_a_county_that_the_city_allotted_nothing_reports_none(filing: Make, scheme: Scheme) -> None:
    checked = judged(scheme, filing("fund_arrival"), allotted(filing, (JI, "105", "1")))
    assert finding(checked, "R07-allotted-province").expected == "= 0"


def test_a_line_without_its_county_leaves_the_figures_of_all_undetermined(
    filing: Make, scheme: Scheme
) -> None:
    city = allotted(filing, (YAODU, "105", "100"), (YAODU, "106", "100"))
    half = filing(
        "fund_allotment", {}, {"county": None}, lines=city.frame.to_dict("records"), county=CITY
    )
    checked = judged(scheme, filing("fund_arrival"), half)
    assert result(checked, "R07-allotted-province").undetermined == 1


def test_what_is_wanted_of_the_city_is_the_figure_of_the_county(
    filing: Make, scheme: Scheme
) -> None:
    issued = operand("fund_allotment.province_issued", scheme).measure
    arrival = filing("fund_arrival")
    assert (Source("fund_allotment", YAODU, "2015"), issued) in wanted(scheme, [arrival])
    with_city = wanted(scheme, [arrival, allotted(filing, (JI, "105", "1"))])
    assert "fund_allotment" not in {source.form for source, _ in with_city}


def test_what_the_warehouse_has_accepted_of_the_city_counts(filing: Make, scheme: Scheme) -> None:
    arrival = filing("fund_arrival")
    known = {
        (source, measure): Figure(Decimal(199 if measure.aggregation == "sum" else 2), Decimal(0))
        for source, measure in wanted(scheme, [arrival])
        if source.form == "fund_allotment" and ("source_level", "province") in measure.where
    }
    ((checked,),) = validate_between([[arrival]], scheme, known)
    assert finding(checked, "R07-allotted-province").difference == Decimal(1)


def test_the_city_files_no_return_of_a_county(scheme: Scheme) -> None:
    assert MUNICIPALITY in scheme.county(CITY).groups
    assert scheme.form("fund_allotment").county_column == "county"
