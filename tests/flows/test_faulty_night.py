import csv
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from openpyxl.utils.cell import coordinate_to_tuple
from python_calamine import CalamineWorkbook

from flows.house import open_house
from flows.nightly import nightly
from flows.telling.report import NightReport
from schemas.filing import records
from schemas.findings import CellRef
from schemas.models import Scheme
from schemas.period import Period
from schemas.reading.reader import read_submission
from schemas.sample.write import key_file
from schemas.template.template import write_workbook
from tests.flows.given import FIRST_FORMS_OF_2015, site_with
from tests.flows.published import published, snapshot
from tests.flows.quotations import WITHOUT_CELLS, quotations
from warehouse import queries
from warehouse.engine import reading

Rows = list[dict[str, str]]
MUNICIPALITY = "141000"


def rows(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def night(
    first_forms: Path,
    faulty_returns: Path,
    prefect_server: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, NightReport]:
    """A site after one night with every known fault in it."""
    folder = tmp_path_factory.mktemp("faulty-night") / "site"
    site_with(folder, first_forms, faulty_returns)
    return folder, nightly(str(folder))


@pytest.fixture(scope="module")
def key(faulty_returns: Path) -> Rows:
    return rows(key_file(faulty_returns))


@pytest.fixture(scope="module")
def found(night: tuple[Path, NightReport]) -> Rows:
    site, _ = night
    return [
        finding
        for period in ("2003H1", "2015")
        for finding in rows(site / "published" / period / "latest" / "data" / "findings.csv")
    ]


def test_every_fault_gives_its_finding_at_its_cell_in_chinese(key: Rows, found: Rows) -> None:
    assert len(key) == 12
    for fault in key:
        county = fault["file"].split("-")[1]
        about = [
            f
            for f in found
            if f["code"] == fault["code"]
            and (fault["file"] in f["fact"] + f["file"] or f["county_name"] == county)
        ]
        assert about, f"{fault['fault']}: no finding {fault['code']} for {fault['file']}"
        if fault["cell"]:
            assert about[0]["cells"].split("; ")[0] == f"{fault['sheet']}!{fault['cell']}"
        assert any("\u4e00" <= letter <= "\u9fff" for letter in about[0]["fact"])
        assert about[0]["remedy"]


def test_huizong_itself_failed_on_none_of_them(night: tuple[Path, NightReport]) -> None:
    _, report = night
    assert report.failures == ()
    assert report.received == 37
    assert report.new == 36


def test_only_the_faulty_filings_are_missing(night: tuple[Path, NightReport]) -> None:
    site, _ = night
    missing = {
        (row["period"], row["form"], row["county_name"])
        for period in ("2003H1", "2015")
        for row in rows(site / "published" / period / "latest" / "data" / "completeness.csv")
        if row["status"] in ("missing", "refused")
    }
    assert missing == {
        ("2003H1", "biogas", "吉县"),
        ("2015", "training", "古县"),
        ("2015", "reduction", "安泽县"),
        ("2015", "reduction", "浮山县"),
        ("2015", "fund_arrival", "乡宁县"),
        *(
            ("2015", form, name)
            for form in FIRST_FORMS_OF_2015
            for name in ("曲沃县", "翼城县", "永和县")
        ),
    }


def test_the_same_night_on_both_databases_publishes_the_same_bytes(
    night: tuple[Path, NightReport],
    tmp_path: Path,
    first_forms: Path,
    faulty_returns: Path,
    fresh_postgres_url: str,
) -> None:
    one, other = night[0], tmp_path / "other"
    other.mkdir()
    settings = f'scheme = "{first_forms}"\ndatabase_url = "{fresh_postgres_url}"\n'
    (other / "huizong.toml").write_text(settings)
    site_with(other, first_forms, faulty_returns)
    nightly(str(other))
    for period in ("2003H1", "2015"):
        ours, theirs = (
            snapshot(site / "published" / period / "0001" / "data") for site in (one, other)
        )
        assert {n: d for n, d in ours.items() if n.endswith(".csv")} == {
            n: d for n, d in theirs.items() if n.endswith(".csv")
        }
        assert any(name.endswith(".csv") for name in ours)


def test_a_corrected_night_brings_the_printed_figures_back(
    night: tuple[Path, NightReport], clean_returns: Path, tmp_path: Path
) -> None:
    faulty, _ = night
    site = tmp_path / "site"
    shutil.copytree(faulty, site, symlinks=True)
    shutil.rmtree(site / "inbox")
    shutil.copytree(clean_returns, site / "inbox")
    for path in (site / "inbox").rglob("*隰县*"):
        path.write_bytes(path.read_bytes())
    nightly(str(site))
    table = rows(site / "published" / "2015" / "latest" / "data" / "pv.csv")
    assert table[-1]["county_code"] == "141000"
    assert (table[-1]["village_stations"], table[-1]["counties_reported"]) == ("127", "17")
    assert (site / "published" / "2015" / "0001").is_dir()
    assert (site / "published" / "2015" / "latest").resolve().name == "0002"


def test_a_corrected_workbook_moves_the_municipal_figure_by_exactly_the_difference(
    night: tuple[Path, NightReport], scheme: Scheme, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shutil.copytree(night[0], site, symlinks=True)
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


@cache
def rows_of(workbook: Path, sheet: str) -> Sequence[Sequence[object]]:
    """The rows of a sheet from A1 on."""
    with CalamineWorkbook.from_path(workbook) as book:
        return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def value(workbook: Path, cell: CellRef) -> object:
    row, column = coordinate_to_tuple(cell.address)
    return rows_of(workbook, cell.sheet)[row - 1][column - 1]


def test_the_cells_of_every_finding_hold_the_values_that_it_quotes(
    night: tuple[Path, NightReport],
) -> None:
    site, _ = night
    house = open_house(str(site))
    with reading(house.engine) as connection:
        filed = queries.findings(connection, house.scheme, datetime.now(UTC))
    paths = {path.name: path for path in (site / "inbox").rglob("*.xlsx")}
    wrong, unread = [], []
    for each in filed:
        finding, name = each.finding, Path(str(each.file_name)).name
        if finding.code in WITHOUT_CELLS:
            assert finding.cells == (), finding.code
            continue
        quoted = list(quotations(finding, house.scheme))
        if not quoted:
            unread.append((finding.code, finding.rule, name))
        for quotation in quoted:
            values = [value(paths[name], cell) for cell in quotation.cells]
            if not quotation.is_held_by(values):
                wrong.append((finding.code, finding.rule, name, values, quotation))
    assert wrong == []
    assert unread == []
    assert WITHOUT_CELLS.keys() == {f.finding.code for f in filed if not f.finding.cells}
