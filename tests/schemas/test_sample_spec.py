"""Declarations that fit, and what is said of those that do not."""

import shutil
from pathlib import Path

import pytest

from schemas.errors import SchemeError
from schemas.period import Period
from schemas.sample import sample_lines, write_sample
from schemas.sample.spec import sampled_periods
from schemas.scheme import CATALOG, load_scheme

BIOGAS_TOTAL = "plan_year: {total: 5000, by: rural, spread: 0.3, step: 10, fact: F0035}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CATALOG / "linfen", tmp_path / "linfen"))


@pytest.fixture
def few(first_forms: Path, tmp_path: Path) -> Path:
    """The scheme with the forms that the faults are planted in, and no others to fill."""
    return Path(shutil.copytree(first_forms, tmp_path / "linfen"))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file.name}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def problems(folder: Path, period: str = "2003H1") -> str:
    with pytest.raises(SchemeError) as raised:
        sample_lines(load_scheme(folder), folder, Period.parse(period))
    return "\n".join(raised.value.problems)


def test_periods_with_a_sample_come_in_order_of_time() -> None:
    assert [period.id for period in sampled_periods(CATALOG / "linfen")] == [
        "2003H1",
        "2015",
        "2016",
    ]


def test_another_total_needs_no_code(folder: Path) -> None:
    edit(folder / "sample" / "2003H1.yaml", BIOGAS_TOTAL, "plan_year: {total: 6200, by: poor}")
    returns = sample_lines(load_scheme(folder), folder, Period.parse("2003H1"))
    plans = [forms["biogas"][0]["plan_year"] for forms in returns.values() if "biogas" in forms]
    assert sum(int(str(plan)) for plan in plans) == 6200


def test_a_change_in_one_form_changes_only_what_is_made_from_it(folder: Path) -> None:
    scheme, period = load_scheme(folder), Period.parse("2003H1")
    before = sample_lines(scheme, folder, period)
    edit(folder / "sample" / "2003H1.yaml", BIOGAS_TOTAL, "plan_year: {total: 6200, by: poor}")
    after = sample_lines(scheme, folder, period)
    changed = {
        form for code, forms in before.items() for form in forms if forms[form] != after[code][form]
    }
    # R09 says what the other forms say, and the city's own forms what R09 says.
    made_from_it = {"indicator_progress", "plan_targets", "prior_published", "work_summary"}
    assert changed == {"biogas"} | made_from_it


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        (
            "plan_year: {total: 5003, by: rural, step: 10}",
            "sample/2003H1.yaml: biogas, block 1: plan_year: 5003 is not a multiple of 10",
        ),
        (
            "plan_year: {total: 5000, by: rural, at_most: 100}",
            "plan_year: 5000 cannot be divided: the limits allow 0 to 1700",
        ),
        (
            "plan_year: {total: 5000, by: sealed}",
            "plan_year: 'sealed' is neither known nor a column filled before",
        ),
        (
            "plan_year: {between: [9, 8]}",
            "plan_year: there is no number between 9 and 8",
        ),
        (
            "plan_year: {each: {尧都区: 300}}",
            "plan_year: no value for 曲沃县",
        ),
        (
            "plan_year: 三百",
            "block 1: plan_year: '三百' is not of kind integer",
        ),
        (
            "plan_year: {is: stock_prev +}",
            "plan_year: cannot be read as arithmetic: 'stock_prev +'",
        ),
        (
            "plan_year: {made: persons}",
            "plan_year: 'persons' is not made up",
        ),
        (
            "plan_year: {text: '{hamlet}'}",
            "plan_year: 'hamlet' in '{hamlet}' is not a list of words",
        ),
        (
            "plan_yaer: 5000",
            "plan_yaer is not a column of biogas",
        ),
        (
            "plan_year: {totl: 5000}",
            "plan_year",
        ),
    ],
)
def test_a_wrong_recipe_is_named_with_its_place(folder: Path, new: str, problem: str) -> None:
    edit(folder / "sample" / "2003H1.yaml", BIOGAS_TOTAL, new)
    assert problem in problems(folder)


def test_a_missing_column_is_named(folder: Path) -> None:
    edit(folder / "sample" / "2003H1.yaml", BIOGAS_TOTAL + "\n", "\n")
    assert "neither known nor a column" in problems(folder)  # others are made from it


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            "2003H1.yaml",
            "      - counties: [汾西县, 隰县]\n        lines: {each",
            "      - counties: [汾西县, 尧都区]\n        lines: {each",
            "relocation_progress, block 1: 尧都区 is no county or group that owes",
        ),
        (
            "2003H1.yaml",
            "  biogas:\n",
            "  biogas_digesters:\n",
            "sample/2003H1.yaml: the form biogas is owed but has no sample\n"
            "sample/2003H1.yaml: no form biogas_digesters is owed",
        ),
        (
            "2003H1.yaml",
            "mode: {choice: {new_village: 4, merged: 3, town: 1}}",
            "mode: {choice: {palace: 1}}",
            "mode: 'palace' is not a code; the codes are town, new_village",
        ),
        (
            "2003H1.yaml",
            "pop_band: p101_150",
            "pop_band: le100",
            "relocation_survey: a county has a line twice; pop_band tells them apart",
        ),
        (
            "places.yaml",
            "{尧都区: 15,",
            "{临猗县: 15,",
            "sample/places.yaml: weight poor: no county 临猗县",
        ),
    ],
)
def test_a_declaration_that_does_not_fit_the_scheme_is_refused(
    folder: Path, file: str, old: str, new: str, problem: str
) -> None:
    edit(folder / "sample" / file, old, new)
    assert problem in problems(folder)


def test_a_single_line_form_wants_one_line_of_every_county(folder: Path) -> None:
    edit(
        folder / "sample" / "2003H1.yaml",
        "      - columns:\n          stock_prev:",
        "      - lines: 2\n        columns:\n          stock_prev:",
    )
    assert "biogas: a county has 2 lines but the form has one" in problems(folder)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("county: 曲沃县", "county: 翼城县", "sample/faults.yaml: two faults for 翼城县 in 2015"),
        ("county: 曲沃县", "county: 临猗县", "sample/faults.yaml: no county 临猗县"),
        (
            "period: 2015\n    county: 曲沃县",
            "period: 2014\n    county: 曲沃县",
            "no sample of 2014",
        ),
        ("indicator: task, put", "indicator: tsak, put", "tsak is not a column of reduction"),
        ("indicator: stock_now, add", "indicator: stock_now, line: 2, add", "has 1 lines"),
        ("indicator: stock_now, add", "indicator: plan_pct, add", "plan_pct has no sum"),
        ("returned, put: -60", "returned, place: total, put: -60", "reduction has no total"),
        ("put: -60", "put: -60, add: 1", "either `put` or `add`"),
        ("do: truncate", "do: shorten", "shorten"),
    ],
)
def test_a_fault_that_cannot_be_planted_is_refused(
    few: Path, tmp_path: Path, old: str, new: str, problem: str
) -> None:
    edit(few / "sample" / "faults.yaml", old, new)
    with pytest.raises(SchemeError) as raised:
        write_sample(load_scheme(few), few, tmp_path / "inbox", faults=True)
    assert problem in "\n".join(raised.value.problems)
    assert not (tmp_path / "inbox").exists()
