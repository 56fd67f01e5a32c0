"""A municipality that is a folder of YAML only, through three years in which its scheme changes."""

from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from flows import handouts
from flows.configuration.settings import Site
from flows.nightly import nightly
from schemas.language.expression import Value
from schemas.models import Scheme
from schemas.scheme import load_scheme
from schemas.template.template import write_workbook
from tests.databases import opened
from tests.flows.given import site_with
from tests.flows.published import published
from tests.lakeside import LAKESIDE
from warehouse.engine import reading

MUNICIPALITY, NORTHSHORE, STONEBRIDGE, REEDMARSH = "990100", "990102", "990121", "990122"

Lines = dict[str, list[dict[str, Value | None]]]


def lines(scheme: Scheme, county: str, year: str) -> Lines:
    """What a county reports: more in every year, and of everything the forms ask for then."""
    n = Decimal(int(year) - 2013) * (int(county) % 100)
    codes = scheme.at(scheme.period(year).period).code_lists
    kinds = [code.code for code in codes["bridge_kind"].codes]
    return {
        "water": [{"villages": 4 * n, "served": 3 * n, "households": 100 * n, "metered": 10 * n}],
        "school": [
            {"level": level.code, "pupils": 20 * n, "teachers": n}
            for level in codes["school_level"].codes
        ],
        "bridge": [{"bridge": kind, "kind": kind, "length_m": Decimal("7.5")} for kind in kinds],
        "herd": [
            {"animal": animal, "season": season, "stock": 9 * n, "vaccinated": 8 * n}
            for animal in ("cow", "sheep")
            for season in ("spring", "autumn")
        ],
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, prefect_server: str) -> Path:
    """A site of the municipality after a night with the returns of all counties and years."""
    site = site_with(tmp_path_factory.mktemp("lakeside") / "site", LAKESIDE)
    scheme = load_scheme(LAKESIDE)
    for entry in scheme.periods:
        for county in scheme.at(entry.period).counties:
            stated = lines(scheme, county.code, entry.id)
            path = site / "inbox" / f"{county.code}-{entry.id}.xlsx"
            path.write_bytes(write_workbook(scheme, county, entry.period, stated))
    report = nightly(str(site))
    assert not report.failures
    assert report.statuses == {"accepted": 4 + 3 + 4 + 4 + 2 * (3 + 2 + 3 + 3)}
    return site


def view(site: Path, columns: str, form: str, county: str) -> list[tuple[object, ...]]:
    statement = f"SELECT period, {columns} FROM mart_{form} WHERE county_code = :c ORDER BY period"
    with opened(Site(site).database_url) as engine, reading(engine) as connection:
        rows = connection.execute(text(statement), {"c": county}).all()
    return [tuple(row) for row in rows]


def test_the_municipal_figures_are_the_sums_of_the_counties(site: Path) -> None:
    for year, counties in (("2014", 2 + 21 + 22 + 23), ("2015", 2 + 21 + 23)):
        n = (int(year) - 2013) * counties
        water = published(site, year, "water")[MUNICIPALITY]
        assert (water["villages"], water["served"], water["served_pct"]) == (
            str(4 * n),
            str(3 * n),
            "75.00",
        )
        herd = published(site, year, "herd")[MUNICIPALITY]
        assert (herd["cow_vaccinated"], herd["autumn_stock"]) == (str(2 * 8 * n), str(2 * 9 * n))
    assert NORTHSHORE not in {
        code for code, row in published(site, "2015", "bridge").items() if row["bridges"]
    }


def test_each_year_is_published_with_the_columns_and_counties_of_its_time(site: Path) -> None:
    years = ("2014", "2015", "2016")
    water = {year: published(site, year, "water") for year in years}
    assert ["metered" in water[year][MUNICIPALITY] for year in years] == [False, True, True]
    assert [REEDMARSH in water[year] for year in years] == [True, False, False]
    assert [water[year]["990123"]["county_name"] for year in years] == [
        "Millbrook",
        "Millbrook",
        "Brookchester",
    ]
    titles = [headings(site, year)["households"] for year in years]
    assert titles == ["Households with a tap", "Households with a tap", "Households on the mains"]


def headings(site: Path, year: str) -> dict[str, str]:
    import json

    path = site / "published" / year / "latest" / "data" / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    water = next(resource for resource in package["resources"] if resource["name"] == "water")
    return {field["name"]: field["title"] for field in water["schema"]["fields"]}


def test_the_views_hold_the_series_across_the_changes(site: Path) -> None:
    assert view(site, "households, metered", "water", STONEBRIDGE) == [
        ("2014", 2100, None),
        ("2015", 4200, 420),
        ("2016", 6300, 630),
    ]
    assert view(site, "branch_pupils, pupils", "school", STONEBRIDGE) == [
        ("2014", 420, 1260),
        ("2015", 840, 2520),
        ("2016", None, 2520),
    ]
    assert view(site, "timber_bridges, steel_bridges", "bridge", STONEBRIDGE) == [
        ("2014", 1, None),
        ("2015", None, 1),
        ("2016", None, 1),
    ]
    assert view(site, "county_name, households", "water", REEDMARSH) == [
        ("2014", "Reedmarsh", 2200)
    ]


def test_a_merged_county_can_be_added_to_what_it_has_become(site: Path) -> None:
    statement = text(
        "SELECT period, sum(villages) FROM mart_water JOIN mart_counties USING (county_code) "
        f"WHERE series_code = '{STONEBRIDGE}' GROUP BY period ORDER BY period"
    )
    with opened(Site(site).database_url) as engine, reading(engine) as connection:
        series = [tuple(row) for row in connection.execute(statement)]
    assert series == [("2014", 84 + 88), ("2015", 168), ("2016", 252)]


def test_what_people_read_is_in_the_language_of_the_scheme(site: Path) -> None:
    latest = site / "published" / "2016" / "latest"
    tables = load_workbook(latest / "municipal-tables.xlsx")
    assert tables.sheetnames[1:] == [
        "B1 Village bridges",
        "H1 Herds and vaccination",
        "S1 Village schools",
        "W1 Rural water supply",
        "Reconciliation",
        "Sources",
    ]
    index = (latest / "index.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in index
    assert 'href="codebook.html"' in index
    assert "Linfen" not in index


def test_templates_are_those_of_the_counties_and_headings_of_each_period(
    site: Path, tmp_path: Path
) -> None:
    paths = list(handouts.templates(site, tmp_path, None, None))
    assert [path.name for path in paths if "99012" in path.name] == [
        "990121-Stonebridge-2014.xlsx",
        "990122-Reedmarsh-2014.xlsx",
        "990123-Millbrook-2014.xlsx",
        "990121-Stonebridge-2015.xlsx",
        "990123-Millbrook-2015.xlsx",
        "990121-Stonebridge-2016.xlsx",
        "990123-Brookchester-2016.xlsx",
    ]
    heads = {}
    for path in paths:
        sheet = load_workbook(path)["W1 Rural water supply"]
        heads[path.name] = [str(cell.value).split("\n")[0] for cell in sheet[5] if cell.value]
    assert heads["990121-Stonebridge-2014.xlsx"][4:] == ["Households with a tap"]
    assert heads["990123-Brookchester-2016.xlsx"][4:] == [
        "Households on the mains",
        "Households with a meter",
    ]
