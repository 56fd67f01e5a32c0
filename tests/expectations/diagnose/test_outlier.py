"""Outliers among seventeen counties: what each rule sees and what it cannot see."""

import math

from expectations.diagnose.outlier import LEAST_UNITS, effects, modified_z, outliers, outside

COUNTIES = [f"county{n:02d}" for n in range(17)]
BEFORE = {county: 100.0 + 37 * n for n, county in enumerate(COUNTIES)}


def grown(by: dict[int, float]) -> dict[str, float]:
    """Growth of 1 to 10 per cent, other factors for some counties."""
    return {
        county: BEFORE[county] * by.get(n, 1.01 + 0.09 * ((7 * n) % 17) / 16)
        for n, county in enumerate(COUNTIES)
    }


def test_ordinary_growth_has_no_outlier() -> None:
    assert outliers(BEFORE, grown({})) == []


def test_ten_times_too_much_is_strong_and_seconded() -> None:
    (found,) = outliers(BEFORE, grown({5: 10.6}))
    assert (found.unit, found.strong, found.seconded) == ("county05", True, True)
    assert math.isclose(found.ratio, 10.6)
    assert 1.04 < found.typical < 1.07


def test_two_bad_counties_do_not_hide_each_other() -> None:
    assert {found.unit for found in outliers(BEFORE, grown({5: 10.6, 9: 10.6}))} == {
        "county05",
        "county09",
    }


def test_forty_per_cent_too_much_is_seen_and_not_strong() -> None:
    (found,) = outliers(BEFORE, grown({5: 1.45}))
    assert found.unit == "county05"


def test_nothing_is_said_of_few_units() -> None:
    few = COUNTIES[: LEAST_UNITS - 1]
    after = grown({2: 50.0})
    assert outliers({c: BEFORE[c] for c in few}, {c: after[c] for c in few}) == []


def test_units_without_a_value_both_times_are_not_compared() -> None:
    after = grown({3: 0.0})
    del after["county04"]
    assert outliers(BEFORE, after) == []


def test_where_most_units_stand_still_one_per_cent_is_nothing() -> None:
    after = {**BEFORE, "county03": BEFORE["county03"] * 1.02, "county04": BEFORE["county04"] * 1.5}
    assert [found.unit for found in outliers(BEFORE, after)] == ["county04"]


def test_modified_z_as_iglewicz_and_hoaglin_define_it() -> None:
    scores = modified_z({"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0, "e": 100.0})
    assert math.isclose(scores["e"], 0.6745 * 97)
    assert scores["c"] == 0.0


def test_effects_are_symmetric_about_the_median_ratio() -> None:
    found = effects({"a": 1.0, "b": 1.0, "c": 1.0}, {"a": 0.5, "b": 1.0, "c": 2.0})
    assert found["a"] == -1.0
    assert found["b"] == 0.0
    assert math.isclose(found["c"], 2**0.4)
    assert outside({**{str(n): 0.0 for n in range(16)}, "far": 9.0}) == {"far"}
