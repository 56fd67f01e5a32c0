import csv
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from flows.house import open_house
from flows.nightly import nightly
from flows.telling.report import NightReport
from schemas.sample.write import key_file
from tests.flows.given import FIRST_FORMS_OF_2015, site_with
from tests.flows.quotations import WITHOUT_CELLS, quotations
from warehouse import queries
from warehouse.engine import reading

Rows = list[dict[str, str]]


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


def test_the_cells_of_every_finding_hold_the_values_that_it_quotes(
    night: tuple[Path, NightReport],
) -> None:
    site, _ = night
    house = open_house(str(site))
    with reading(house.engine) as connection:
        filed = queries.findings(connection, house.scheme, datetime.now(UTC))
    paths = {path.name: path for path in (site / "inbox").rglob("*.xlsx")}
    books: dict[str, Workbook] = {}
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
            book = books.setdefault(name, load_workbook(paths[name], data_only=True))
            values = [book[cell.sheet][cell.address].value for cell in quotation.cells]
            if not quotation.is_held_by(values):
                wrong.append((finding.code, finding.rule, name, values, quotation))
    assert wrong == []
    assert unread == []
    assert WITHOUT_CELLS.keys() == {f.finding.code for f in filed if not f.finding.cells}
