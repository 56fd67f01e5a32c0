import csv
from decimal import Decimal
from pathlib import Path

import pytest

from flows import sites
from flows.nightly import nightly
from schemas.models import Scheme
from schemas.scheme import CATALOG
from tests.flows.given import site_with
from tests.flows.published import published, snapshot

pytestmark = pytest.mark.xdist_group("prefect")


# Form, measure, and the printed facts that its municipal figure is the sum of.
FIGURES_2003H1 = [
    ("relocation_survey", "le100_villages", ("F0013",)),
    ("relocation_survey", "le100_households", ("F0014",)),
    ("relocation_survey", "le100_persons", ("F0015",)),
    ("relocation_survey", "p101_150_villages", ("F0016",)),
    ("relocation_survey", "p101_150_households", ("F0017",)),
    ("relocation_survey", "p101_150_persons", ("F0018",)),
    ("relocation_survey", "p151_200_villages", ("F0019",)),
    ("relocation_survey", "p151_200_households", ("F0020",)),
    ("relocation_survey", "p151_200_persons", ("F0021",)),
    ("relocation_survey", "p201_300_villages", ("F0022",)),
    ("relocation_survey", "p201_300_households", ("F0023",)),
    ("relocation_survey", "p201_300_persons", ("F0024",)),
    ("relocation_survey", "villages", ("F0013", "F0016", "F0019", "F0022")),
    ("relocation_survey", "households", ("F0014", "F0017", "F0020", "F0023")),
    ("relocation_survey", "persons", ("F0015", "F0018", "F0021", "F0024")),
    ("relocation_progress", "plan_persons", ("F0029",)),
    ("biogas", "stock_prev", ("F0034",)),
    ("biogas", "plan_year", ("F0035",)),
    ("reduction", "task", ("F0001",)),
]
FIGURES_2015 = [
    ("pv", "village_stations", ("F0653",)),
    ("pv", "village_grid_stations", ("F0656",)),
    ("pv", "village_built_stations", ("F0657",)),
    ("pv", "village_building_stations", ("F0658",)),
    ("pv", "village_tender_stations", ("F0659",)),
    ("pv", "village_capacity_kw", ("F0660",)),
    ("pv", "ground_stations", ("F0661",)),
    ("pv", "ground_10mw_stations", ("F0663",)),
    ("pv", "ground_20mw_stations", ("F0664",)),
    ("training", "employment_quota", ("F0715",)),
    ("training", "farmer_quota", ("F0725",)),
    ("relocation_progress", "plan_persons", ("F0667",)),
]

FACTS = Path(__file__).parents[1] / "data" / "facts.csv"
FACTORS = {"万人": 10_000, "兆瓦": 1_000}
"""How many of the unit of a form make one of the unit of print."""


def facts() -> dict[str, Decimal]:
    """The printed figures by fact, in the units of the forms."""
    with FACTS.open(encoding="utf-8-sig", newline="") as file:
        return {
            row["fact_id"]: Decimal(row["value"]) * FACTORS.get(row["unit"], 1)
            for row in csv.DictReader(file)
            if row["value"].replace(".", "", 1).isdigit()
        }


MUNICIPALITY = "141000"


def test_one_night_publishes_the_printed_figures_and_the_next_has_nothing_to_do(
    tmp_path: Path, scheme: Scheme, prefect_server: None
) -> None:
    site = site_with(tmp_path / "site", CATALOG / "linfen")
    sites.sample(site, None, faults=False)
    report = nightly(str(site))
    assert (report.received, report.new, report.read) == (34, 34, 34)
    assert set(report.statuses) == {"accepted"}
    printed = facts()
    for period, figures in (("2003H1", FIGURES_2003H1), ("2015", FIGURES_2015)):
        for form, measure, ids in figures:
            row = published(site, period, form)[MUNICIPALITY]
            figure = sum(printed[fact] for fact in ids)
            assert Decimal(row[measure]) == figure, f"{period} {form}.{measure}"

    relocation = published(site, "2003H1", "relocation_progress")
    moving = {code for code, row in relocation.items() if Decimal(row["plan_persons"] or 0) > 0}
    assert moving == {MUNICIPALITY, "141031", "141034"}
    relocation = published(site, "2015", "relocation_progress")
    moving = {code for code, row in relocation.items() if Decimal(row["plan_persons"] or 0) > 0}
    assert len(moving - {MUNICIPALITY}) == 9

    training = published(site, "2015", "training")
    shares = {
        scheme.county(code).name.zh: (int(row["employment_quota"]), int(row["farmer_quota"]))
        for code, row in training.items()
        if code != MUNICIPALITY
    }
    assert {name: farmers for name, (_, farmers) in shares.items() if farmers} == {
        **dict.fromkeys(["大宁县", "永和县", "隰县", "吉县", "汾西县"], 600),
        **dict.fromkeys(["乡宁县", "浮山县", "安泽县", "古县", "蒲县"], 400),
    }
    assert {name: people for name, (people, _) in shares.items() if people} == dict.fromkeys(
        ["古县", "汾西县", "隰县", "乡宁县", "吉县"], 400
    )

    before = snapshot(site / "published"), (site / "warehouse.db").stat().st_mtime_ns
    again = nightly(str(site))
    assert again.nothing_new
    assert (snapshot(site / "published"), (site / "warehouse.db").stat().st_mtime_ns) == before


def test_a_corrected_workbook_moves_the_municipal_figure_by_exactly_the_difference(
    site: Path, scheme: Scheme
) -> None:
    nightly(str(site))
    before = published(site, "2003H1", "biogas")
    workbook = site / "inbox" / "2003H1" / "141034-汾西县-2003H1.xlsx"
    correct_biogas(scheme, workbook, workbook.with_name("汾西更正.xlsx"), added=37)

    report = nightly(str(site))
    assert report.statuses == {"accepted": 1, "unchanged": 5}
    after = published(site, "2003H1", "biogas")
    for measure in ("stock_prev", "stock_now"):
        for code in ("141034", MUNICIPALITY):
            assert int(after[code][measure]) - int(before[code][measure]) == 37
    changed = {code for code in before if before[code] != after[code]}
    assert changed == {"141034", MUNICIPALITY}

    revisions = site / "published" / "2003H1" / "latest" / "data" / "revisions.csv"
    with revisions.open(encoding="utf-8", newline="") as file:
        listed = [row for row in csv.DictReader(file) if row["measure"] == "stock_prev"]
    assert {row["county_code"] for row in listed} == {"141034", MUNICIPALITY}
    assert not (site / "published" / "2015" / "0002").exists()


def correct_biogas(scheme: Scheme, source: Path, target: Path, added: int) -> None:
    """Write a county's workbook again with a larger stock at the end of last year."""
    from datetime import date

    from schemas.filing import records
    from schemas.period import Period
    from schemas.reader import read_submission
    from schemas.template import write_workbook

    reading = read_submission(source.name, source.read_bytes(), scheme, date(2026, 1, 1))
    lines = {
        filing.form: records(filing.frame, scheme.form(filing.form)) for filing in reading.filings
    }
    biogas = lines["biogas"][0]
    assert isinstance(biogas["stock_prev"], Decimal)
    biogas["stock_prev"] += added
    del biogas["stock_now"]
    assert reading.county is not None
    county = scheme.county(reading.county)
    target.write_bytes(write_workbook(scheme, county, Period.parse("2003H1"), lines))


def test_the_same_night_on_both_databases_publishes_the_same_bytes(
    tmp_path: Path, site: Path, first_forms: Path, clean_returns: Path, fresh_postgres_url: str
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    settings = f'scheme = "{first_forms}"\ndatabase_url = "{fresh_postgres_url}"\n'
    (other / "huizong.toml").write_text(settings)
    site_with(other, first_forms, clean_returns)
    nightly(str(site))
    nightly(str(other))
    for period in ("2003H1", "2015"):
        ours, theirs = (
            snapshot(folder / "published" / period / "0001" / "data") for folder in (site, other)
        )
        assert {n: d for n, d in ours.items() if n.endswith(".csv")} == {
            n: d for n, d in theirs.items() if n.endswith(".csv")
        }
        assert any(name.endswith(".csv") for name in ours)
