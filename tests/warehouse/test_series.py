"""What was reported under an earlier scheme, in a warehouse that has grown with it."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import Engine, text

from schemas.errors import WarehouseError
from schemas.models import Scheme
from schemas.period import Period
from schemas.place import Place
from schemas.scheme import load_scheme
from tests.databases import bare_database
from tests.lakeside import LAKESIDE
from tests.lent import Lender, lender_of
from tests.warehouse.conftest import House
from warehouse.publish.edition import Edition
from warehouse.publish.release import drawn
from warehouse.tracing.trace import trace
from warehouse.tracing.traced_lines import TracedFigure
from warehouse.upkeep.upgrade import upgrade

STONEBRIDGE, REEDMARSH, MUNICIPALITY = "990121", "990122", "990100"


@pytest.fixture(scope="module")
def lakeside() -> Scheme:
    return load_scheme(LAKESIDE)


@pytest.fixture(scope="module")
def as_of_2014(lakeside: Scheme) -> Scheme:
    """The scheme as it was written down in 2014, when nothing had changed yet."""
    then = lakeside.at(Period.parse("2014")).model_dump()
    written: dict[str, object] = {**then, "periods": then["periods"][:1], "fingerprint": "2014"}
    forms = [{**form, "indicators": undated(form["indicators"])} for form in then["forms"]]
    return Scheme.model_validate({**written, "forms": forms})


def undated(indicators: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{**i, "since": None, "until": None, "why": None} for i in indicators]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def grown_once(
    request: pytest.FixtureRequest,
    as_of_2014: Scheme,
    lakeside: Scheme,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Lender]:
    with bare_database(request, tmp_path_factory.mktemp("grown")) as engine:
        grow(engine, as_of_2014, lakeside)
        engine.dispose()
        with lender_of(engine.url, tmp_path_factory.mktemp("lent")) as lender:
            yield lender


@pytest.fixture
def grown(grown_once: Lender, lakeside: Scheme) -> Iterator[House]:
    with grown_once.lent() as engine:
        yield House(engine, lakeside)


def grow(bare: Engine, as_of_2014: Scheme, lakeside: Scheme) -> None:
    """2014 reported under the scheme of 2014; then the scheme of today, and 2015 and 2016."""
    upgrade(bare, as_of_2014)
    then = House(bare, as_of_2014)
    for county, n in ((STONEBRIDGE, 3), (REEDMARSH, 4)):
        then.submit(then.filing("water", county, water(n), period="2014"), name=county)
    upgrade(bare, lakeside)
    now = House(bare, lakeside)
    for year, n in (("2015", 8), ("2016", 9)):
        filing = now.filing("water", STONEBRIDGE, {**water(n), "metered": n}, period=year)
        now.submit(filing, name=year, night=2)
    for year in ("2014", "2015", "2016"):
        now.publish(night=2, period=year)


def water(n: int) -> dict[str, object]:
    share = Decimal(50)
    return {"villages": 2 * n, "served": n, "served_pct": share, "households": 10 * n}


def series(house: House, columns: str, county: str) -> list[tuple[object, ...]]:
    dot = "." if house.engine.dialect.name == "postgresql" else "_"
    statement = f"SELECT period, {columns} FROM mart{dot}water WHERE county_code = :code ORDER BY 1"
    with house.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement), {"code": county})]


def test_an_upgrade_adds_what_is_new_and_keeps_what_was(
    bare: Engine, as_of_2014: Scheme, lakeside: Scheme
) -> None:
    upgrade(bare, as_of_2014)
    done = upgrade(bare, lakeside)
    assert str(done[0]) == "columns added: form_water.metered"
    assert [change for change in done if change.what.startswith("table")] == []
    assert upgrade(bare, lakeside) == []


def test_a_series_goes_on_under_one_column_whatever_its_heading_was(grown: House) -> None:
    assert series(grown, "households, metered", STONEBRIDGE) == [
        ("2014", 30, None),
        ("2015", 80, 8),
        ("2016", 90, 9),
    ]
    headings = [
        next(
            m for m in grown.table("water", period=year, night=2).measures if m.name == "households"
        )
        for year in ("2014", "2016")
    ]
    assert [m.labels[-1].en for m in headings] == [
        "Households with a tap",
        "Households on the mains",
    ]


def test_a_merged_county_keeps_its_history_and_can_be_added_up(grown: House) -> None:
    assert series(grown, "households", REEDMARSH) == [("2014", 40)]
    dot = "." if grown.engine.dialect.name == "postgresql" else "_"
    with grown.engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT period, CAST(sum(households) AS INTEGER) "
                f"FROM mart{dot}water JOIN mart{dot}counties USING (county_code) "
                f"WHERE series_code = '{STONEBRIDGE}' GROUP BY period ORDER BY period"
            )
        )
        assert [tuple(row) for row in rows] == [("2014", 70), ("2015", 80), ("2016", 90)]


def test_the_year_before_stands_beside_a_figure(grown: House) -> None:
    dot = "." if grown.engine.dialect.name == "postgresql" else "_"
    with grown.engine.connect() as connection:
        rows = connection.execute(
            text(
                f"SELECT period, value, last_year, growth_pct FROM mart{dot}observations WHERE "
                f"measure = 'households' AND county_code = '{STONEBRIDGE}' ORDER BY period"
            )
        )
        assert [tuple(row) for row in rows] == [
            ("2014", 30, None, None),
            ("2015", 80, 30, Decimal("166.67") if dot == "." else 166.67),
            ("2016", 90, 80, 12.5),
        ]


def test_a_table_has_the_counties_of_its_period_and_the_municipality_all_their_sums(
    grown: House,
) -> None:
    counties = {
        year: [row.unit.code for row in grown.table("water", period=year, night=2).counties]
        for year in ("2014", "2015")
    }
    assert counties["2014"] == ["990102", STONEBRIDGE, REEDMARSH, "990123"]
    assert counties["2015"] == ["990102", STONEBRIDGE, "990123"]
    assert series(grown, "households, counties_owed", MUNICIPALITY) == [
        ("2014", 70, 4),
        ("2015", 80, 3),
        ("2016", 90, 3),
    ]


def test_the_same_return_sent_again_under_the_new_scheme_changes_nothing(grown: House) -> None:
    again = grown.filing("water", STONEBRIDGE, water(3), period="2014")
    then = grown.scheme.at(Period.parse("2014")).form("water")
    assert "metered" not in then.by_name
    asked = {name: letter for name, letter in again.columns.items() if name in then.by_name}
    frame = again.frame.drop(columns="metered")
    (outcome,) = grown.submit(
        type(again)(again.form, again.county, "2014", again.sheet, frame, asked),
        name="again.xlsx",
        night=3,
    )
    assert outcome.status == "unchanged"


def test_a_figure_is_traced_by_the_scheme_of_its_period(grown: House) -> None:
    moment = grown.night(3)
    with grown.engine.connect() as connection:
        figure = TracedFigure("water", "households", "2014")
        traced = trace(connection, grown.scheme, figure, moment)
        assert traced.value == traced.recomputed == 70
        assert {share.unit.code for share in traced.parts[0].shares} == {STONEBRIDGE, REEDMARSH}
        with pytest.raises(WarehouseError, match="water has no figure 'metered'"):
            trace(connection, grown.scheme, replace(figure, measure="metered"), moment)
        of_reedmarsh = replace(figure, period="2015", county=REEDMARSH)
        with pytest.raises(WarehouseError, match="was no county in 2015"):
            trace(connection, grown.scheme, of_reedmarsh, moment)


def test_a_column_that_was_left_out_instead_of_ended_is_asked_for(
    bare: Engine, as_of_2014: Scheme, lakeside: Scheme
) -> None:
    upgrade(bare, lakeside)
    with pytest.raises(WarehouseError, match="say there until when it was asked for"):
        upgrade(bare, as_of_2014)


def test_a_publication_of_an_earlier_period_has_a_place_for_every_finding(grown: House) -> None:
    """Also for that of a file whose county there is only in other periods."""
    finding = Place(REEDMARSH).finding("period-missing", file="x.xlsx")
    grown.submit(name="x.xlsx", night=3, county=REEDMARSH, findings=[finding])
    contents = grown.contents(night=3, period="2015")
    assert [f.finding.county for f in contents.findings if f.file_name] == [REEDMARSH]
    assert b"Reedmarsh" in drawn(Edition(contents, "en"))["data/findings.csv"]
