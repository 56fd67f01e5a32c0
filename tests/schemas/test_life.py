"""A scheme through time: what is in force in a period, and dates that do not hold together."""

import io
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from schemas.errors import SchemeError
from schemas.filing import Reading, records
from schemas.language.expression import Value
from schemas.life import Dated
from schemas.models import Scheme
from schemas.period import Period
from schemas.reading.reader import read_submission
from schemas.scheme import load_scheme, load_scheme_thoroughly
from schemas.template.template import write_workbook
from schemas.text import Text
from tests.few import with_forms
from tests.lakeside import LAKESIDE, assert_refused

STONEBRIDGE, REEDMARSH, MILLBROOK = "990121", "990122", "990123"
LATER = date(2020, 1, 1)
WHY = Text(zh="改变。", en="It changed.")
WATER = "W1 Rural water supply"
Y2014, Y2015, Y2016 = (Period(year, "year") for year in (2014, 2015, 2016))

PERIODS = st.one_of(
    st.builds(Period, st.integers(2000, 2020), st.just("year")),
    st.builds(Period, st.integers(2000, 2020), st.just("half_year"), st.integers(1, 2)),
    st.builds(Period, st.integers(2000, 2020), st.just("quarter"), st.integers(1, 4)),
    st.builds(Period, st.integers(2000, 2020), st.just("month"), st.integers(1, 12)),
)


@pytest.fixture(scope="module")
def lakeside() -> Scheme:
    return load_scheme(LAKESIDE)


# --- lives ---------------------------------------------------------------------------------------


@given(last=st.sampled_from(["2014", "2014H1", "2014H2", "2014Q3", "2014-05"]), period=PERIODS)
def test_of_two_lives_that_follow_on_each_other_one_holds_in_any_period(
    last: str, period: Period
) -> None:
    following = {"2014": "2015", "2014H1": "2014H2", "2014H2": "2015H1"}
    following |= {"2014Q3": "2014Q4", "2014-05": "2014-06"}
    before = Dated(until=last, why=WHY)
    after = Dated(since=following[last], why=WHY)
    assert before.turns == after.turns
    assert before.holds(period.end) != after.holds(period.end)


def test_a_year_is_reported_in_the_way_that_is_in_force_on_its_last_day() -> None:
    half = Dated(since="2015H2", why=WHY)
    assert half.holds(Y2015.end)
    assert not half.holds(Period.parse("2015H1").end)
    assert not half.holds(Period.parse("2015Q2").end)


def test_a_scheme_without_dates_is_the_same_at_all_times(scheme: Scheme) -> None:
    dateless = with_forms(scheme, {"biogas", "reimbursement"})
    assert dateless.at(Period.parse("2003H1")) is dateless


def test_a_scheme_is_made_once_for_the_periods_between_two_changes(lakeside: Scheme) -> None:
    then = lakeside.at(Y2015)
    assert then is not lakeside
    assert lakeside.at(Period.parse("2015Q2")) is then
    assert then.at(Y2014) is lakeside.at(Y2014)
    assert then.whole is lakeside
    assert then.form("herd") is lakeside.form("herd")


def test_a_copy_of_a_scheme_with_other_values_is_worked_out_again(lakeside: Scheme) -> None:
    form = lakeside.form("water")
    assert "metered" in form.by_name
    shorter = form.model_copy(update={"indicators": form.indicators[:1]})
    assert list(shorter.by_name) == ["villages"]


@pytest.mark.parametrize(
    ("period", "columns", "heading", "rules"),
    [
        (Y2014, 4, "Households with a tap", ["W1-served"]),
        (Y2015, 5, "Households with a tap", ["W1-served", "W1-metered"]),
        (Y2016, 5, "Households on the mains", ["W1-served", "W1-metered"]),
    ],
)
def test_a_form_has_the_columns_headings_and_rules_of_its_time(
    lakeside: Scheme, period: Period, columns: int, heading: str, rules: list[str]
) -> None:
    form = lakeside.at(period).form("water")
    assert len(form.indicators) == columns
    assert form["households"].label.en == heading
    assert [rule.id for rule in form.rules] == rules
    assert ("metered" in form.consolidated[0].measures) == (columns == 5)


def test_a_county_has_the_name_of_its_time_and_is_known_by_the_other(lakeside: Scheme) -> None:
    then, now = (lakeside.at(period).county(MILLBROOK) for period in (Y2015, Y2016))
    assert (then.name.en, now.name.en) == ("Millbrook", "Brookchester")
    assert then.spellings == now.spellings


def test_a_merged_county_owes_nothing_and_its_series_goes_on_elsewhere(lakeside: Scheme) -> None:
    reedmarsh = lakeside.county(REEDMARSH)
    assert len(lakeside.forms_owed(reedmarsh, Y2014)) == 4
    assert lakeside.forms_owed(reedmarsh, Y2015) == ()
    assert lakeside.series_code(reedmarsh) == STONEBRIDGE
    assert lakeside.at(Y2016).county(REEDMARSH).name.en == "Reedmarsh"


# --- templates and reading -----------------------------------------------------------------------

LINE: dict[str, Value | None] = {
    "villages": Decimal(4),
    "served": Decimal(3),
    "households": Decimal(90),
    "metered": Decimal(7),
}


def return_of(scheme: Scheme, county: str, period: Period) -> bytes:
    return write_workbook(scheme, scheme.county(county), period, {"water": [LINE]})


def read(scheme: Scheme, content: bytes) -> Reading:
    return read_submission("return.xlsx", content, scheme, LATER)


@pytest.mark.parametrize("period", [Y2014, Y2015, Y2016])
def test_a_return_is_read_by_the_form_of_its_period(lakeside: Scheme, period: Period) -> None:
    reading = read(lakeside, return_of(lakeside, STONEBRIDGE, period))
    water = next(filing for filing in reading.filings if filing.form == "water")
    form = lakeside.at(period).form("water")
    (line,) = records(water.frame, form)
    assert water.findings == ()
    assert line["households"] == 90
    assert line.get("metered") == (None if period == Y2014 else 7)
    assert water.columns["households"] == "E"


def test_last_years_heading_is_still_understood(lakeside: Scheme) -> None:
    book = load_workbook(io.BytesIO(return_of(lakeside, STONEBRIDGE, Y2016)))
    book[WATER]["E5"].value = "Households with a tap"
    content = io.BytesIO()
    book.save(content)
    reading = read(lakeside, content.getvalue())
    water = next(filing for filing in reading.filings if filing.form == "water")
    assert water.columns["households"] == "E"
    assert not [finding for finding in water.findings if finding.code.startswith("column")]


def test_a_code_that_ended_is_not_in_the_list(lakeside: Scheme) -> None:
    bridge: dict[str, Value | None] = {"bridge": "Ford", "kind": "beam", "length_m": Decimal(9)}
    county = lakeside.county(STONEBRIDGE)
    book = load_workbook(io.BytesIO(write_workbook(lakeside, county, Y2015, {"bridge": [bridge]})))
    sheet = book["B1 Village bridges"]
    sheet["B8"].value = "Timber"
    content = io.BytesIO()
    book.save(content)
    reading = read(lakeside, content.getvalue())
    found = next(filing for filing in reading.filings if filing.form == "bridge").findings
    assert [finding.code for finding in found] == ["value-not-in-list"]
    choices = found[0].parameters["choices"]
    assert isinstance(choices, Text)
    assert choices.en == "Beam, Arch, Steel"


def test_the_return_of_a_county_that_was_merged_is_told_why(lakeside: Scheme) -> None:
    book = load_workbook(io.BytesIO(return_of(lakeside, REEDMARSH, Y2014)))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value in ("2014", 2014):
                    cell.value = "2015"
    content = io.BytesIO()
    book.save(content)
    reading = read(lakeside, content.getvalue())
    (finding,) = reading.findings
    assert finding.code == "county-of-other-time"
    why = finding.parameters["why"]
    assert isinstance(why, Text)
    assert why.en == "Reedmarsh was merged into Stonebridge in 2015."


# --- dates that do not hold together -------------------------------------------------------------

WATER_FILE, CODES, UNITS = "forms/water.yaml", "codelists.yaml", "org_units.csv"


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            WATER_FILE,
            "metered <= households, since: 2015,",
            "metered <= households, since: 2014,",
            "forms/water.yaml:33: rule W1-metered speaks of 'metered', which is only there since",
        ),
        (
            WATER_FILE,
            "    since: 2015\n",
            "    since: 2015\n    until: 2014\n",
            "it ends with 2014, before it begins with 2015",
        ),
        (WATER_FILE, "    since: 2015\n", "    since: soon\n", "not a period: 'soon'"),
        (
            WATER_FILE,
            "    since: 2015\n    why: {zh",
            "    since: 2015\n    help: {zh",
            "what changes over time says `why`",
        ),
        (
            WATER_FILE,
            "computed: served / villages * 100",
            "computed: metered / villages * 100",
            "served_pct: it speaks of 'metered', which is only there since 2015",
        ),
        (
            WATER_FILE,
            "label: {zh: 装表户, en: Households with a meter}",
            "label: {zh: 通水户数, en: Households with a meter}",
            "forms/water.yaml:23: metered has the heading of households",
        ),
        (
            "forms/school.yaml",
            "code_list: school_level, key: true",
            "code_list: school_level, key: true, since: 2015, why: {zh: 无, en: None}",
            "level makes the lines of the form and has no dates",
        ),
        (
            CODES,
            "{code: steel, label: {zh: 钢桥,",
            "{code: steel, label: {zh: 拱桥,",
            "codelists.yaml:11: steel is spelled as arch is",
        ),
        (UNITS, ",2014,990121,", ",2014,990199,", "990122: its successor '990199' is no county"),
        (UNITS, ",2014,990121,", ",,990121,", "990122 has a successor and no until"),
        (
            UNITS,
            "溪州市,Brookchester,rural,2016",
            "溪州市,Brookchester,rural,2015",
            "org_units.csv:7: since 2015, but the row before it holds until 2015",
        ),
        (
            UNITS,
            "rural,,2015,,2016年米溪县撤县设市。",
            "rural,,,,2016年米溪县撤县设市。",
            "org_units.csv:7: county code '990123' is used twice",
        ),
        (
            UNITS,
            "北岸区,Northshore",
            "北岸区,Reedmarsh",
            "spelling of a county 'reedmarsh' is used twice",
        ),
    ],
)
def test_dates_that_contradict_each_other_are_told_when_the_scheme_loads(
    tmp_path: Path, file: str, old: str, new: str, problem: str
) -> None:
    assert_refused(tmp_path / "lakeside", file, old, new, problem)


def test_a_name_may_pass_to_another_county_once_it_is_free(tmp_path: Path) -> None:
    folder = tmp_path / "lakeside"
    shutil.copytree(LAKESIDE, folder)
    path = folder / "org_units.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("溪州市,Brookchester", "苇塘县,Reedmarsh"), encoding="utf-8")
    scheme = load_scheme(folder)
    assert [
        unit.code
        for period in (Y2014, Y2016)
        for unit in scheme.at(period).counties
        if "reedmarsh" in unit.spellings
    ] == [REEDMARSH, MILLBROOK]


def test_a_broken_form_of_a_scheme_with_dates_is_told(tmp_path: Path) -> None:
    folder = shutil.copytree(LAKESIDE, tmp_path / "lakeside")
    form = folder / "forms" / "bridge.yaml"
    text = form.read_text(encoding="utf-8")
    form.write_text(text.replace("code_list: bridge_kind", "code_list: nothing"), encoding="utf-8")
    with pytest.raises(SchemeError, match=r"code list 'nothing' is not in codelists\.yaml"):
        load_scheme_thoroughly(folder)
