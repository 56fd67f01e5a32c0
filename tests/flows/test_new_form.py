"""A form more is one YAML file more: written while the tests run, and nothing else is changed."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from flows import handouts, sites
from flows.configuration.settings import Site
from flows.nightly import nightly
from schemas.layout import lay_out
from schemas.scheme import load_scheme
from tests.databases import opened
from tests.flows.given import FEW_FORMS, scheme_with, site_with
from tests.flows.published import published, snapshot
from warehouse.engine import reading

GREENHOUSES = Path(__file__).parents[1] / "data" / "greenhouse.yaml"

YONGHE, FENXI, MUNICIPALITY = "141032", "141034", "141000"

COLUMNS = (
    *("village", "standard", "planned", "built", "used", "area_mu"),
    *("state_funds", "own_funds", "households", "poor_households"),
)
RETURNS: dict[str, Sequence[Sequence[str | float]]] = {
    YONGHE: [
        ("南庄", "国家标准", 10, 8, 8, 12.5, 40, 16.25, 8, 6),
        ("北庄", "省定标准", 5, 5, 3, 6.25, 20.5, 9, 5, 5),
    ],
    FENXI: [("东沟", "国家标准", 4, 2, 9, 3, 11, 2, 2, 1)],
}


@pytest.fixture(scope="module")
def scheme_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scheme_with(FEW_FORMS, tmp_path_factory.mktemp("scheme") / "linfen")


@pytest.fixture(scope="module")
def site(
    scheme_folder: Path, tmp_path_factory: pytest.TempPathFactory, prefect_server: str
) -> Path:
    """A site whose scheme got the form after its warehouse was made, and the night after that."""
    folder = tmp_path_factory.mktemp("grown")
    site = site_with(folder / "site", scheme_folder)
    before = snapshot(scheme_folder)
    shutil.copy(GREENHOUSES, scheme_folder / "forms")
    after = snapshot(scheme_folder)
    assert after.keys() - before.keys() == {"forms/greenhouse.yaml"}
    done = list(sites.upgrade_warehouse(site))
    assert done == [
        "tables made: form_greenhouse",
        "lines guarded against change: form_greenhouse",
        "brought to the scheme: forms, indicators, owed, published_measures, published_columns",
        "views made: mart_contract, mart_greenhouse",
    ]
    for county, lines in RETURNS.items():
        (blank,) = handouts.templates(site, folder / "forms", county, "2015")
        fill(blank, site / "inbox" / blank.name, scheme_folder, lines)
    report = nightly(str(site))
    assert not report.failures
    return site


def fill(
    blank: Path, target: Path, scheme_folder: Path, lines: Sequence[Sequence[str | float]]
) -> None:
    """Type the lines into the blank form, as a clerk does; computed cells are left alone."""
    scheme = load_scheme(scheme_folder)
    layout = lay_out(scheme.form("greenhouse"), scheme)
    book = load_workbook(blank)
    sheet = book["N01 日光温室建设情况表"]
    for row, line in zip(layout.lines, lines, strict=False):
        for name, value in zip(COLUMNS, line, strict=True):
            sheet.cell(row + 1, layout.column(name) + 1).value = value
    book.save(target)


def test_the_form_has_12_indicators_and_6_rules(scheme_folder: Path, site: Path) -> None:
    form = load_scheme(scheme_folder).form("greenhouse")
    assert (len(form.indicators), len(form.rules)) == (12, 6)


def test_the_figures_are_in_the_published_csv(site: Path) -> None:
    greenhouse = published(site, "2015", "greenhouse")
    yonghe = greenhouse[YONGHE]
    assert (yonghe["sites"], yonghe["built"], yonghe["built_pct"]) == ("2", "13", "86.67")
    assert (yonghe["funds"], yonghe["national_built"]) == ("85.7500", "8")
    assert greenhouse[MUNICIPALITY]["counties_reported"] == "1"
    assert greenhouse[MUNICIPALITY]["funds"] == "85.7500"


def test_a_rule_of_the_new_form_refuses_a_return(site: Path) -> None:
    path = site / "published" / "2015" / "latest" / "data" / "findings.csv"
    told = path.read_text(encoding="utf-8").splitlines()
    (refused,) = (line for line in told if "N01-used" in line)
    assert refused.startswith("error,141034")
    assert "N01 日光温室建设情况表!E9" in refused


def test_the_figures_are_in_the_published_view(site: Path) -> None:
    statement = text("SELECT county_code, built, funds, built_pct FROM mart_greenhouse ORDER BY 1")
    with opened(Site(site).database_url) as engine, reading(engine) as connection:
        rows = [tuple(row) for row in connection.execute(statement)]
    assert len(rows) == 18
    assert [row for row in rows if row[1] is not None] == [
        (MUNICIPALITY, 13, 85.75, 86.67),
        (YONGHE, 13, 85.75, 86.67),
    ]


def test_the_figures_are_in_the_municipal_workbook(site: Path) -> None:
    book = load_workbook(site / "published" / "2015" / "latest" / "municipal-tables.xlsx")
    sheet = book["N01 日光温室建设情况表"]
    total = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "合计")
    assert total[1:6] == (2, 15, 13, 11, 86.67)


def test_the_form_is_in_the_codebook(site: Path) -> None:
    latest = site / "published" / "2015" / "latest"
    page = (latest / "codebook.html").read_text(encoding="utf-8")
    assert "poor_households &lt;= households" in page
    book = load_workbook(latest / "codebook.xlsx")
    columns = [row[0] for row in book["指标 Columns"].iter_rows(values_only=True)]
    rules = [row[0] for row in book["审核关系 Rules"].iter_rows(values_only=True)]
    assert (columns.count("N01"), rules.count("N01")) == (12, 6)
