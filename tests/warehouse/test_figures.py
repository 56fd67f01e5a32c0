"""Figures of counties: the same from the lines of a filing and from what the warehouse accepted."""

from decimal import Decimal
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.consolidated.figures import Lines, Source, figure
from schemas.consolidated.measures import Measure, measures
from schemas.consolidated.relations import operand, operands
from schemas.filing import Filing
from schemas.models import Scheme
from tests.warehouse.conftest import House
from warehouse.consolidation.figures import accepted_figures

YAODU, JI = "141002", "141028"


def of_form(scheme: Scheme, form: str) -> list[Measure]:
    """Every published figure of a form, and those that the rules between forms speak of."""
    spoken_of = {
        found.measure
        for relation in scheme.relations
        for found in operands(relation, scheme).values()
        if found.form.name == form
    }
    return [*measures(scheme.form(form), scheme), *spoken_of]


def held(house: House, filing: Filing, asked: list[Measure]) -> dict[Measure, object]:
    source = Source.of(filing)
    with house.engine.connect() as connection:
        found = accepted_figures(connection, house.scheme, {(source, m) for m in asked})
    return {measure: found[source, measure] for measure in asked}


def worked_out(house: House, filing: Filing, asked: list[Measure]) -> dict[Measure, object]:
    form = house.scheme.form(filing.form)
    return {measure: figure(measure, Lines(form, filing.frame)) for measure in asked}


def station(number: int, status: str, gen: str, kind: str = "village") -> dict[str, object]:
    return {
        "station_no": f"S{number}",
        "village": "上村",
        "kind": kind,
        "capacity_kw": Decimal("10000.00") if kind == "ground" else Decimal("100.00"),
        "status": status,
        "gen_period": Decimal(gen),
        "gen_cum": Decimal(gen),
        "income": Decimal("0.1234"),
        "households": 20,
    }


def test_the_figures_of_a_filing_are_those_of_the_warehouse(house: House) -> None:
    filing = house.filing(
        "pv", YAODU, station(1, "grid", "30000.25"), station(2, "built", "0", kind="ground")
    )
    house.submit(filing)
    asked = of_form(house.scheme, "pv")
    assert held(house, filing, asked) == worked_out(house, filing, asked)
    total = operand("sum(pv.gen_cum, status == 'grid')", house.scheme).measure
    (found,) = held(house, filing, [total]).values()
    assert found == figure(total, Lines(house.scheme.form("pv"), filing.frame))
    assert figure(total, Lines(house.scheme.form("pv"), filing.frame)).reach == Decimal("0.005")


def test_a_declared_nil_has_zeros(house: House) -> None:
    filing = house.filing("pv", YAODU)
    house.submit(filing)
    asked = of_form(house.scheme, "pv")
    assert held(house, filing, asked) == worked_out(house, filing, asked)


def test_what_is_not_accepted_is_left_out(house: House) -> None:
    house.submit(house.filing("pv", YAODU, station(1, "grid", "5")))
    asked = of_form(house.scheme, "pv")
    with house.engine.connect() as connection:
        of_others = {
            (Source("pv", county, period), measure)
            for county, period in ((JI, "2015"), (YAODU, "2014"))
            for measure in asked
        }
        assert accepted_figures(connection, house.scheme, of_others) == {}


def test_the_figures_of_a_county_in_a_filing_of_the_city(house: House) -> None:
    lines = [
        {"county": county, "item": item, "target": Decimal(target)}
        for county, item, target in ((YAODU, "lifted", 7), (JI, "relocated", 5))
    ]
    house.submit(house.filing("plan_targets", "141000", *lines))
    target = operand("plan_targets.lifted_target", house.scheme).measure
    asked = {(Source("plan_targets", county, "2015"), target) for county in (YAODU, JI, "141021")}
    with house.engine.connect() as connection:
        found = accepted_figures(connection, house.scheme, asked)
    values = {source.county: figure.value for (source, _), figure in found.items()}
    assert values == {YAODU: 7, JI: 0, "141021": 0}


counts = st.integers(0, 10**6)
lines = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["practical", "employment", "farmer", "yulu", "science"]),
            "quota": counts,
            "classes": counts,
            "person_times": counts,
            "completed": counts,
            "materials": counts,
            "subsidy": st.decimals(0, 10**5, places=4),
        }
    ),
    max_size=5,
    unique_by=lambda line: line["kind"],
)


nights = count(1)
"""Every example is a later return than the one before."""


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines)
def test_any_lines_give_the_same_figures(house: House, lines: list[dict[str, object]]) -> None:
    filing = house.filing("training", YAODU, *lines)
    house.submit(filing, night=next(nights))
    asked = of_form(house.scheme, "training")
    assert held(house, filing, asked) == worked_out(house, filing, asked)
