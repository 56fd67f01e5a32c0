"""Counts by township: what is shown, and that what is kept back cannot be worked out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog  # type: ignore[import-untyped]
from sqlalchemy import text

from tests.warehouse.conftest import House
from warehouse.mart.areas import area_rows
from warehouse.mart.small_cells import Cell, kept_back, small_areas

XI = "141031"
LEAST = 10
ALL = ("", "households")


def households(start: int, number: int, township: str | None, **more: object) -> list[Any]:
    stated = {"township": township, "persons": 3, "hh_type": "general", "cause1": "illness"}
    return [{"hh_no": f"{start + n}", **stated, **more} for n in range(number)]


@pytest.fixture
def counted(house: House) -> Mapping[tuple[str, str, str, str], object]:
    """By township, attribute, code and figure what the contract shows of a county."""
    lines = [
        *households(0, 30, "城关镇"),
        *households(100, 20, "城关镇", hh_type="five_guarantee"),
        *households(200, 12, "南坪乡"),
        *households(300, 4, "南坪乡", hh_type="five_guarantee"),
        *households(400, 15, "黑龙关镇"),
        *households(500, 11, "黑龙关镇", hh_type="five_guarantee"),
        *households(600, 3, "张三丰"),
    ]
    house.submit(house.filing("hh_register", XI, *lines))
    members = [
        {"person_no": f"{n}", "hh_no": f"{n}", "health": "healthy", "labour": "ordinary"}
        for n in (*range(30), *range(200, 212), *range(400, 415), *range(600, 603))
    ]
    house.submit(house.filing("hh_member", XI, *members), name="members")
    house.publish()
    mart = "mart." if house.engine.dialect.name == "postgresql" else "mart_"
    with house.engine.connect() as connection:
        rows = connection.execute(text(f"SELECT * FROM {mart}townships")).all()
    return {
        (row.township, row.attribute, row.attribute_code, row.measure): row.value for row in rows
    }


def test_townships_are_counted_and_small_ones_shown_together(
    counted: Mapping[tuple[str, str, str, str], object],
) -> None:
    totals = {key[0]: value for key, value in counted.items() if key[1:] == ("", "", "households")}
    assert totals == {"城关镇": 50, "黑龙关镇": 26, "": 19}  # 南坪乡's 16 and the 3
    assert counted["城关镇", "", "", "persons"] == 150
    assert not any("张三丰" in key[0] for key in counted)


def test_a_small_count_goes_with_three_that_would_give_it_away(
    counted: Mapping[tuple[str, str, str, str], object],
) -> None:
    found = {
        (key[0], key[2]): value
        for key, value in counted.items()
        if key[1] == "hh_type" and key[3] == "households"
    }
    assert found == {
        ("城关镇", "general"): 30, ("城关镇", "five_guarantee"): 20,
        ("黑龙关镇", "general"): None, ("黑龙关镇", "five_guarantee"): None,
        ("", "general"): None, ("", "five_guarantee"): None,
    }  # fmt: skip


def test_lines_without_a_township_are_not_to_be_had_by_subtraction(house: House) -> None:
    lines = [
        *households(0, 30, "城关镇"),
        *households(100, 20, "南坪乡"),
        *households(200, 2, None),
    ]
    house.submit(house.filing("hh_register", XI, *lines))
    with house.engine.connect() as connection:
        rows = list(area_rows(connection, house.contents()))
    totals = {r["area"]: r["value"] for r in rows if (r["attribute"], r["measure"]) == ALL}
    assert totals == {"城关镇": 30, "": 22}


def test_members_are_counted_where_the_register_has_their_household(
    counted: Mapping[tuple[str, str, str, str], object],
) -> None:
    members = {k[0]: value for k, value in counted.items() if k[1:] == ("", "", "members")}
    # Those of the register that are hidden are so here: or the one would give away the other.
    assert members == {"城关镇": 30, "黑龙关镇": 15, "": 15}


tables = st.integers(2, 4).flatmap(
    lambda codes: st.lists(
        st.lists(st.sampled_from([0, 1, 3, 9, 10, 14, 40]), min_size=codes, max_size=codes),
        min_size=2,
        max_size=4,
    )
)


@settings(max_examples=60, deadline=None)
@given(tables)
def test_no_small_count_can_be_worked_out_from_what_is_shown(table: list[list[int]]) -> None:
    """A linear program asks how large each hidden count may be, given all totals and all others."""
    counted: dict[Cell, int] = {
        (f"{a}", f"{c}"): lines for a, row in enumerate(table) for c, lines in enumerate(row)
    }
    hidden = sorted(kept_back(counted, LEAST))
    assert {cell for cell, lines in counted.items() if 0 < lines < LEAST} <= {*hidden}
    whole = set(hidden) == {cell for cell, lines in counted.items() if lines}
    for cell in hidden:
        if counted[cell] < LEAST and not whole:
            assert largest(cell, hidden, counted) >= LEAST


def largest(cell: Cell, hidden: list[Cell], counted: dict[Cell, int]) -> float:
    sums: dict[tuple[int, str], list[int]] = {}
    for place in (0, 1):
        for number, each in enumerate(hidden):
            sums.setdefault((place, each[place]), []).append(number)
    rows = [[float(n in members) for n in range(len(hidden))] for members in sums.values()]
    totals = [sum(counted[hidden[n]] for n in members) for members in sums.values()]
    wanted = [-1.0 if each == cell else 0.0 for each in hidden]
    solved = linprog(wanted, A_eq=rows, b_eq=totals, bounds=(1, None))
    return round(-float(solved.fun), 6)


@given(st.dictionaries(st.text("甲乙丙丁", min_size=1), st.integers(0, 50)))
def test_small_areas_are_hidden_two_at_a_time(counted: dict[str, int]) -> None:
    hidden = small_areas(counted, LEAST)
    assert {area for area, lines in counted.items() if lines < LEAST} <= hidden
    together = sum(counted[area] for area in hidden)
    assert not hidden or hidden == {*counted} or (len(hidden) > 1 and together >= LEAST)
