"""Counts of different values: of a column that anybody may see, and of one that names persons."""

from __future__ import annotations

from decimal import Decimal

import pytest

from schemas.consolidated.figures import Lines, figure
from schemas.consolidated.measures import measures
from schemas.models import Form, Scheme
from schemas.scheme import CATALOG
from schemas.soundness.scheme_checks import cross_references
from tests.warehouse.conftest import FIRST_ROW, House
from warehouse.tracing.trace import trace
from warehouse.tracing.traced_lines import TracedFigure
from warehouse.upkeep.upgrade import upgrade

XI, FENXI, JI = "141031", "141034", "141028"
DISTINCT = {
    "measures": ("members",),
    "prefix": "different_",
    "distinct": (
        {"name": "households", "label": {"zh": "涉及户数", "en": "Households"}}
        | {"unit": "household", "of": "hh_no"},
        {"name": "people", "label": {"zh": "不重复人数", "en": "People"}}
        | {"unit": "person", "of": "id_no"},
    ),
}


def asking(few: Scheme, **changes: object) -> Scheme:
    """The scheme, with counts of different households and people in the list of members."""
    form = few.form("hh_member")
    stated = form.model_dump()
    stated["consolidated"] = (*stated["consolidated"], DISTINCT | changes)
    forms = tuple(Form.model_validate(stated) if f is form else f for f in few.forms)
    return few.model_copy(update={"forms": forms})


@pytest.fixture
def members(house: House, few: Scheme) -> House:
    """Two households of five lines; one person stands in the lists of both counties."""
    asked = House(house.engine, asking(few))
    upgrade(asked.engine, asked.scheme)
    asked.submit(asked.filing("hh_member", XI, *lines("H1 A", "H1 B", "H2 C")))
    asked.submit(asked.filing("hh_member", FENXI, *lines("H2 C", "H3 B")))
    return asked


def lines(*stated: str) -> list[dict[str, object]]:
    pairs = (each.split() for each in stated)
    return [
        {"person_no": f"{n}", "hh_no": household, "id_no": f"14263219700101{person}"}
        for n, (household, person) in enumerate(pairs)
    ]


def test_each_value_counts_once_for_a_county_and_once_for_all(members: House) -> None:
    table = members.table("hh_member")
    found = {row.unit.code: row.values for row in (*table.counties, table.municipality)}
    counted = {
        code: (found[code]["different_households"], found[code]["different_people"])
        for code in (XI, FENXI, "141000", JI)
    }
    assert counted == {XI: (2, 3), FENXI: (2, 2), "141000": (3, 3), JI: (None, None)}


def test_nil_is_zero_and_blank_is_unknown(members: House) -> None:
    members.submit(members.filing("hh_member", JI))
    members.submit(members.filing("hh_member", "141032", {"person_no": "1"}))
    rows = {row.unit.code: row.values for row in members.table("hh_member").counties}
    assert rows[JI]["different_people"] == 0
    assert rows["141032"]["different_people"] is None
    night = members.night(1)
    with members.engine.connect() as connection:
        for county, value in ((JI, 0), ("141032", None)):
            asked = TracedFigure("hh_member", "different_people", "2015", county)
            traced = trace(connection, members.scheme, asked, night)
            assert traced.value == value
            assert traced.adds_up


def test_a_return_that_is_checked_gives_what_the_warehouse_will(members: House) -> None:
    form = members.scheme.form("hh_member")
    filing = members.filing("hh_member", XI, *lines("H1 A", "H1 B", "H2 C"))
    known = {m.name: m for m in measures(form, members.scheme)}
    given = [
        figure(known[name], Lines(form, filing.frame)).value
        for name in ("different_households", "different_people")
    ]
    assert given == [Decimal(2), Decimal(3)]


def test_a_count_is_traced_to_the_first_cell_of_each_value(members: House) -> None:
    with members.engine.connect() as connection:
        for name, cells in (("different_households", [2, 1]), ("different_people", [3, 0])):
            asked = TracedFigure("hh_member", name, "2015")
            traced = trace(connection, members.scheme, asked, members.night(1))
            assert traced.adds_up, name
            assert [len(share.cells) for share in traced.parts[0].shares] == cells
    assert traced.parts[0].shares[0].cells[0].cell.address == f"E{FIRST_ROW}"


def test_what_cannot_be_counted_is_told(few: Scheme) -> None:
    of_number = {**DISTINCT["distinct"][0], "of": "work_months", "unit": "villages"}  # type: ignore[dict-item]
    told = "\n".join(cross_references(asking(few, distinct=(of_number,)), CATALOG / "linfen"))
    assert "'households' counts 'work_months', which is no column of codes, texts or dates" in told
    assert "unit 'villages' is not in units.yaml" in told
