"""From a cell up to the figures it is in, and from a figure down to its column."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import text

from schemas.errors import WarehouseError
from schemas.findings import CellRef
from schemas.models import Scheme
from tests.conftest import empty_warehouse
from tests.lent import Lender, lender_of
from tests.warehouse.conftest import House
from warehouse.tracing.uses import uses

XI, CITY = "141031", "141000"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def told_once(
    request: pytest.FixtureRequest, few: Scheme, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lender]:
    with empty_warehouse(request, tmp_path_factory.mktemp("told")) as engine:
        house = House(engine, few)
        form = "fund_arrival"
        kinds = {"source_level": "central", "fund_kind": "development"}
        lines = [{"doc_no": str(n), "issued": Decimal(n), **kinds} for n in (3, 4)]
        house.submit(house.filing(form, XI, *lines), name="funds.xlsx")
        person = {"hh_no": "1", "head_name": "张三丰", "persons": 3}
        house.submit(house.filing("hh_register", XI, person), name="register.xlsx")
        house.publish()
        engine.dispose()
        with lender_of(engine.url, tmp_path_factory.mktemp("lent")) as lender:
            yield lender


@pytest.fixture
def told(told_once: Lender, few: Scheme) -> Iterator[House]:
    with told_once.lent() as engine:
        yield House(engine, few)


def cell(house: House, form_name: str, indicator: str, row: int) -> CellRef:
    form = house.scheme.form(form_name)
    letter = "BCDEFGHIJKLMNOPQRSTUVWXYZ"[[i.name for i in form.indicators].index(indicator)]
    return CellRef(sheet=form.sheet_name, address=f"{letter}{row}")


def test_a_cell_is_in_every_total_that_its_line_belongs_to(told: House) -> None:
    with told.engine.connect() as connection:
        found = uses(connection, told.scheme, "funds.xlsx", cell(told, "fund_arrival", "issued", 6))
    assert (found.unit.code, found.version, found.value) == (XI, 1, 4)
    assert [(use.measure.name, use.unit.code, use.value) for use in found.uses] == [
        ("issued", XI, 7),
        ("issued", CITY, 7),
        ("arrival_pct", XI, None),
        ("arrival_pct", CITY, None),
        ("central_issued", XI, 7),
        ("central_issued", CITY, 7),
    ]


def test_an_earlier_night_has_the_cell_in_the_figures_of_then(told: House) -> None:
    place, issued = (
        cell(told, "fund_arrival", "issued", 6),
        [("issued", XI, Decimal(7)), ("issued", CITY, Decimal(7))],
    )
    kinds = {"source_level": "central", "fund_kind": "development", "doc_no": "9"}
    filing = told.filing("fund_arrival", XI, {"issued": Decimal(9), **kinds})
    told.submit(filing, night=2, name="again.xlsx")
    told.publish(night=2)
    with told.engine.connect() as connection:
        found = uses(connection, told.scheme, "funds.xlsx", place, told.night(1))
        assert [(u.measure.name, u.unit.code, u.value) for u in found.uses][:2] == issued
        with pytest.raises(WarehouseError, match="no filing that counts"):
            uses(connection, told.scheme, "funds.xlsx", place)


def test_a_person_is_not_told(told: House) -> None:
    place = cell(told, "hh_register", "head_name", 5)
    with told.engine.connect() as connection:
        found = uses(connection, told.scheme, "register.xlsx", place)
    assert (found.value, found.uses) == (None, ())


@pytest.mark.parametrize(
    ("file", "address", "why"),
    [
        ("other.xlsx", "B5", "no filing that counts"),
        ("funds.xlsx", "Z5", "no column"),
        ("funds.xlsx", "B99", "no line"),
    ],
)
def test_what_is_nowhere_is_said(told: House, file: str, address: str, why: str) -> None:
    sheet = told.scheme.form("fund_arrival").sheet_name
    with told.engine.connect() as connection, pytest.raises(WarehouseError, match=why):
        uses(connection, told.scheme, file, CellRef(sheet=sheet, address=address))


def test_the_view_says_from_which_column_a_figure_is(told: House) -> None:
    mart = "mart." if told.engine.dialect.name == "postgresql" else "mart_"
    statement = text(
        f"SELECT county_code, version, file, sheet, sheet_column FROM {mart}sources "
        "WHERE form = 'fund_arrival' AND measure = 'issued'"
    )
    with told.engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(statement)]
    where = cell(told, "fund_arrival", "issued", 5)
    assert rows == [(XI, 1, "funds.xlsx", where.sheet, where.address[0])]
