"""Every figure the documents print of 临汾 stands in the tables, or is listed with the reason."""

import pytest

from schemas.consolidated.measures import measures
from schemas.consolidated.tabulate import tabulated
from schemas.models import Form, Scheme
from schemas.rules.formulas import completed
from schemas.sample import sample_lines, sampled_periods
from schemas.sample.filled import Filled
from schemas.scheme import CATALOG
from tests.facts import Table, carried, compare, listing, rows

LINFEN = CATALOG / "linfen"


def table(scheme: Scheme, form: Form, filled: Filled) -> Table:
    """The consolidated table of a form, worked out from the lines of the sample."""
    column = form.county_column
    every = filled.lines(form.name, scheme.municipality)
    return {
        unit.code: {
            measure.name: tabulated(measure, every if unit == scheme.municipality else own)
            for measure in measures(form, scheme)
        }
        for unit in (scheme.municipality, *scheme.counties)
        for own in [
            [line for line in every if line[column] == unit.code]
            if column
            else filled.lines(form.name, unit)
        ]
    }


@pytest.fixture(scope="module")
def tables(scheme: Scheme) -> dict[tuple[str, str], Table]:
    wanted = {(place.period, place.form) for place in carried()}
    return {
        (period.id, form.name): table(scheme, form, Filled(scheme, returns))
        for period in sampled_periods(LINFEN)
        for returns in [sample_lines(scheme, LINFEN, period)]
        for form in scheme.forms
        if (period.id, form.name) in wanted
    }


def test_every_printed_figure_is_in_exactly_one_of_the_two_lists() -> None:
    printed = [fact["fact_id"] for fact in rows("facts.csv")]
    listed = [place.fact_id for place in carried()]
    left_out = [fact["fact_id"] for fact in rows("facts_not_carried.csv")]
    assert sorted(printed) == sorted([*listed, *left_out])
    assert (len(listed), len(left_out)) == (137, 48)
    assert all(fact["reason"] for fact in rows("facts_not_carried.csv"))


def test_every_figure_that_a_form_can_carry_stands_in_its_table(
    scheme: Scheme, tables: dict[tuple[str, str], Table]
) -> None:
    differing = [found for found in compare(scheme, tables) if not found.agrees]
    assert differing == []


def test_the_listing_says_fact_table_row_column_and_value(
    scheme: Scheme, tables: dict[tuple[str, str], Table]
) -> None:
    lines = list(listing(scheme, compare(scheme, tables)))
    assert len(lines) == len(carried())
    assert "F0704\t2015 R20 pairing\tequal 临汾市\thouseholds\t140600\tagrees" in lines
    assert "F0628\t2015 R18 reduction\tcounties national = 2019\tdelist_year\t3\tagrees" in lines


def test_lines_are_completed_before_figures_are_made(scheme: Scheme) -> None:
    form = scheme.form("R32")
    line = {"status": "closed", "found_by": "self", "found_on": None, "closed_on": None}
    closed = next(m for m in measures(form, scheme) if m.name == "closed_pct")
    open_line = {**line, "status": "working"}
    lines = [completed(form, line), completed(form, open_line), completed(form, open_line)]
    assert str(tabulated(closed, lines)) == "33.33"
    assert tabulated(closed, []) is None
