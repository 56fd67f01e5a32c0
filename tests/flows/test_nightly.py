import csv
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from flows import handouts
from flows.nightly import nightly
from schemas.models import Scheme
from schemas.scheme import CATALOG
from tests.facts import compare, published_tables
from tests.flows.given import site_with
from tests.flows.published import published, snapshot

MUNICIPALITY = "141000"


@pytest.fixture(scope="module")
def after_a_night(
    first_forms: Path,
    clean_returns: Path,
    prefect_server: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A site after a night with clean returns of the first forms; to be looked at and copied."""
    site = site_with(tmp_path_factory.mktemp("night") / "site", first_forms, clean_returns)
    nightly(str(site))
    return site


def test_one_night_publishes_the_printed_figures_and_the_next_has_nothing_to_do(
    tmp_path: Path, scheme: Scheme, prefect_server: str
) -> None:
    site = site_with(tmp_path / "site", CATALOG / "linfen")
    handouts.sample(site, None, faults=False)
    report = nightly(str(site))
    assert (report.received, report.new, report.read) == (37, 37, 37)
    assert set(report.statuses) == {"accepted"}
    tables = published_tables(site / "published")
    assert [found for found in compare(scheme, tables) if not found.agrees] == []
    survey = tables["2003H1", "relocation_survey"][MUNICIPALITY]
    measures = ("villages", "households", "persons")
    assert [survey[measure] for measure in measures] == [1581, 19452, 85120]

    moving = {
        code
        for code, row in tables["2003H1", "relocation_progress"].items()
        if (row["plan_persons"] or 0) > 0
    }
    assert moving == {MUNICIPALITY, "141031", "141034"}
    plan = tables["2016", "plan_targets"]
    assert sum(row["lifted_target"] or 0 for row in plan.values()) == 2 * 60_000

    before = snapshot(site / "published"), (site / "warehouse.db").stat().st_mtime_ns
    again = nightly(str(site))
    assert again.nothing_new
    assert (snapshot(site / "published"), (site / "warehouse.db").stat().st_mtime_ns) == before


def test_a_corrected_workbook_moves_the_municipal_figure_by_exactly_the_difference(
    after_a_night: Path, scheme: Scheme, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shutil.copytree(after_a_night, site, symlinks=True)
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
    from schemas.reading.reader import read_submission
    from schemas.template.template import write_workbook

    reading = read_submission(source.name, source.read_bytes(), scheme, date(2026, 1, 1))
    lines = {
        filing.form: records(filing.frame, scheme.at(Period.parse(filing.period)).form(filing.form))
        for filing in reading.filings
    }
    biogas = lines["biogas"][0]
    assert isinstance(biogas["stock_prev"], Decimal)
    biogas["stock_prev"] += added
    del biogas["stock_now"]
    assert reading.county is not None
    county = scheme.county(reading.county)
    target.write_bytes(write_workbook(scheme, county, Period.parse("2003H1"), lines))


def test_the_same_night_on_both_databases_publishes_the_same_bytes(
    after_a_night: Path,
    tmp_path: Path,
    first_forms: Path,
    clean_returns: Path,
    fresh_postgres_url: str,
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    settings = f'scheme = "{first_forms}"\ndatabase_url = "{fresh_postgres_url}"\n'
    (other / "huizong.toml").write_text(settings)
    site_with(other, first_forms, clean_returns)
    nightly(str(other))
    for period in ("2003H1", "2015"):
        ours, theirs = (
            snapshot(folder / "published" / period / "0001" / "data")
            for folder in (after_a_night, other)
        )
        assert {n: d for n, d in ours.items() if n.endswith(".csv")} == {
            n: d for n, d in theirs.items() if n.endswith(".csv")
        }
        assert any(name.endswith(".csv") for name in ours)
