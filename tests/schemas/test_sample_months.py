"""A year of monthly returns, made from the year's: cumulative columns, and the register in full."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pytest

from schemas.findings import has_errors
from schemas.language.expression import Value
from schemas.language.id_number import check_character
from schemas.models import Scheme
from schemas.period import Period
from schemas.reading.reader import read_submission
from schemas.rules.formulas import completed
from schemas.sample import (
    sample_lines,
    sampled_months,
    sampled_quarters,
    write_register,
    write_sample,
)
from schemas.sample.months import month_lines
from schemas.sample.people import households
from schemas.scheme import CATALOG
from tests.schemas.test_sample_figures import holds

LINFEN = CATALOG / "linfen"
YEAR = Period.parse("2015")
DANING = "141030"

Returns = Mapping[str, Mapping[str, Sequence[Mapping[str, Value | None]]]]


@pytest.fixture(scope="module")
def year(scheme: Scheme) -> Returns:
    return sample_lines(scheme, LINFEN, YEAR)


@pytest.fixture(scope="module")
def months(scheme: Scheme, year: Returns) -> list[Returns]:
    made = {code: {n: [*lines] for n, lines in forms.items()} for code, forms in year.items()}
    return [
        month_lines(scheme, LINFEN, month, made)  # type: ignore[arg-type]
        for month in sampled_months(LINFEN)
    ]


def column(returns: Returns, form: str, name: str) -> list[Decimal]:
    return [Decimal(str(line[name])) for line in returns[DANING][form]]


def test_there_are_twelve_months_of_the_forms_that_are_monthly(
    scheme: Scheme, months: list[Returns]
) -> None:
    assert [month.id for month in sampled_months(LINFEN)][::11] == ["2015-01", "2015-12"]
    forms = [scheme.form(name).code for name in months[0][DANING]]
    assert forms == ["R02", "R07", "R08", "R09", "R13", "R22", "R23", "R26", "R28", "R31"]


def test_quarters_are_three_months_of_the_forms_that_are_quarterly(
    scheme: Scheme, year: Returns
) -> None:
    made = {code: {n: [*lines] for n, lines in forms.items()} for code, forms in year.items()}
    quarters = [
        month_lines(scheme, LINFEN, quarter, made)  # type: ignore[arg-type]
        for quarter in sampled_quarters(LINFEN)
    ]
    assert [len(quarter) for quarter in quarters] == [17] * 4  # the city itself owes nothing
    forms = [scheme.form(name).code for name in quarters[0][DANING]]
    assert forms == ["R06", "R19", "R20", "R24", "R27", "R30"]
    visits = [sum(column(quarter, "pairing", "visits")) for quarter in quarters]
    assert sum(visits) == sum(column(year, "pairing", "visits"))
    assert min(visits) > 0


def test_what_accumulates_never_falls_and_ends_as_the_year_does(
    year: Returns, months: list[Returns]
) -> None:
    lent = [sum(column(month, "microcredit", "lent_ytd")) for month in months]
    assert lent == sorted(lent)
    assert lent[-1] == sum(column(year, "microcredit", "lent_ytd"))


def test_what_flows_is_by_how_much_that_grew(months: list[Returns]) -> None:
    before = Decimal(0)
    for month in months:
        so_far = column(month, "indicator_progress", "ytd_value")[0]
        assert column(month, "indicator_progress", "period_value")[0] == so_far - before
        before = so_far


def test_a_line_is_there_from_the_month_of_its_last_date_on(months: list[Returns]) -> None:
    for number, month in enumerate(months, start=1):
        end = Period(2015, "month", number).end
        for line in month[DANING]["fund_arrival"]:
            assert isinstance(line["arrived_on"], date)
            assert line["arrived_on"] <= end
    counts = [len(month[DANING]["fund_arrival"]) for month in months]
    assert counts == sorted(counts)
    assert counts[0] == 0 < counts[-1]


def test_no_rule_that_refuses_a_return_is_broken_in_any_month(
    scheme: Scheme, months: list[Returns]
) -> None:
    broken = {
        rule.id
        for number, month in enumerate(months, start=1)
        for then in [scheme.at(Period(2015, "month", number))]
        for forms in month.values()
        for name, lines in forms.items()
        for line in lines
        for rule in then.form(name).rules
        if rule.severity.value == "error"
        for whole in [completed(then.form(name), line)]
        if (rule.condition is None or holds(rule.condition, whole))
        and holds(rule.comparison, whole) is False
    }
    assert broken == set()


def test_a_month_is_written_only_on_demand_and_read_back(scheme: Scheme, tmp_path: Path) -> None:
    written = write_sample(scheme, LINFEN, tmp_path, [Period.parse("2015-03")])
    assert len(written) == 18
    content = (tmp_path / "2015-03" / f"{DANING}-大宁县-2015-03.xlsx").read_bytes()
    reading = read_submission("m.xlsx", content, scheme, date(2015, 4, 1))
    assert (reading.county, reading.period) == (DANING, "2015-03")
    assert not has_errors([f for filing in reading.filings for f in filing.findings])


def test_a_register_has_the_households_and_persons_of_r20(scheme: Scheme, tmp_path: Path) -> None:
    paths = list(islice(write_register(scheme, LINFEN, tmp_path, Decimal("0.002")), 2))
    assert [path.name for path in paths] == [
        "141002-尧都区-2015-register.xlsx",
        "141021-曲沃县-2015-register.xlsx",
    ]
    reading = read_submission("r.xlsx", paths[0].read_bytes(), scheme, date(2016, 1, 5))
    register, members = (filing.frame for filing in reading.filings)
    assert not reading.findings
    assert (len(register), len(members)) == (10, 31)  # of 5,214 and 15,711
    assert register["persons"].sum() == len(members)
    for number in members["id_no"]:
        assert check_character(number[:17]) == number[17]


def test_households_are_made_larger_or_smaller_until_the_persons_are_met(scheme: Scheme) -> None:
    county = scheme.county(DANING)
    for persons in (100, 290, 310, 500):
        made = households(county, 100, YEAR.end, persons)
        assert sum(len(household.members) for household in made) == persons
    with pytest.raises(ValueError, match="501 persons do not live in 100 households"):
        households(county, 100, YEAR.end, 501)
    free = households(county, 100, YEAR.end)
    met = households(county, 100, YEAR.end, sum(len(h.members) for h in free) + 1)
    assert met[:12] == free[:12]
