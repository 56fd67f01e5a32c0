import shutil
from pathlib import Path

import pytest

from schemas.consolidated.measures import measures
from schemas.errors import NotInScheme, SchemeError
from schemas.models import Scheme
from schemas.period import Period
from schemas.scheme import CATALOG, fingerprint, load_scheme

LINFEN = CATALOG / "linfen"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "linfen"
    shutil.copytree(LINFEN, copied)
    return copied


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file.name}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def problems(folder: Path) -> tuple[str, ...]:
    with pytest.raises(SchemeError) as raised:
        load_scheme(folder)
    return raised.value.problems


def test_linfen_has_17_counties_all_37_returns_and_three_of_the_city_itself(
    scheme: Scheme,
) -> None:
    assert len(scheme.counties) == 17
    returns = [f"R{number:02}" for number in range(1, 38)]
    assert [form.code for form in scheme.forms] == [*returns, "C01", "C02", "C03"]
    assert {form.name for form in scheme.forms if form.of_municipality} == {
        "work_summary",
        "plan_targets",
        "fund_allotment",
        "prior_published",
    }


def test_ten_poor_counties_owe_the_relocation_survey_and_none_in_2015(scheme: Scheme) -> None:
    form = scheme.form("R01")
    assert len(scheme.owing(form, Period.parse("2003H1"))) == 10
    assert scheme.owing(form, Period.parse("2015")) == ()


def test_ji_and_xi_are_told_apart(scheme: Scheme) -> None:
    assert "吉县" in scheme.county("141028").spellings
    assert "吉县" not in scheme.county("141031").spellings
    assert "隰縣" in scheme.county("141031").spellings


def test_measures_repeat_a_block_for_each_code_after_a_total(scheme: Scheme) -> None:
    found = {measure.name: measure for measure in measures(scheme.form("R01"), scheme)}
    assert list(found)[:3] == ["villages", "households", "persons"]
    assert found["villages"].where == ()
    assert found["p101_150_villages"].where == (("pop_band", "p101_150"),)
    assert [label.zh for label in found["p101_150_villages"].labels] == ["101-150人", "贫困村个数"]


def test_every_problem_is_reported_at_once_with_file_and_line(folder: Path) -> None:
    edit(folder / "forms/biogas.yaml", "parts: [sealed]", "parts: [seald]")
    edit(folder / "forms/training.yaml", "unit: person_time, ", "unit: persontime, ")
    edit(folder / "codelists.yaml", "pv_kind:\n  codes:", "pv_kind:\n  codez:")
    found = "\n".join(problems(folder))
    assert "forms/biogas.yaml:23: rule R04-sealed: 'seald' is not a column of biogas" in found
    assert "forms/training.yaml:16: person_times: unit 'persontime' is not in units.yaml" in found
    assert "codelists.yaml:39: pv_kind.codez: Extra inputs are not permitted" in found


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "units.yaml").unlink()
    assert "units.yaml: the file is missing" in problems(folder)


def test_two_counties_cannot_share_a_spelling(folder: Path) -> None:
    edit(folder / "org_units.csv", "141028,吉县,Ji County,吉县,", "141028,吉县,Ji County,隰县,")
    assert any("隰县" in line and "used twice" in line for line in problems(folder))


def test_the_fingerprint_changes_with_a_rule_and_not_with_a_sample(folder: Path) -> None:
    before = fingerprint(folder)
    (folder / "sample" / "extra.yaml").write_text("a: 1\n")
    assert fingerprint(folder) == before
    edit(folder / "forms/biogas.yaml", "1.5 * plan_year", "1.6 * plan_year")
    assert fingerprint(folder) != before


def test_a_range_of_periods_begins_with_the_newest(scheme: Scheme) -> None:
    assert scheme.newest_first("2015Q1", "2015Q3") == ["2015Q3", "2015Q2", "2015Q1"]
    assert scheme.newest_first("2015", "2015") == ["2015"]
    with pytest.raises(NotInScheme, match="no period '1999'"):
        scheme.newest_first("1999", "2015")
    with pytest.raises(NotInScheme, match="from 2015Q3 ends with 2015Q1, before it begins"):
        scheme.newest_first("2015Q3", "2015Q1")
