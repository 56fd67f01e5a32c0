"""The contract taken along: as one SQLite file, and as SDMX-CSV."""

from __future__ import annotations

import csv
import sqlite3
from contextlib import closing
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pysdmx.io import read_sdmx
from pysdmx.model.dataset import ActionType

from warehouse.mart.contract import contract
from warehouse.mart.export import sdmx_csv, write_contract_file

if TYPE_CHECKING:
    from tests.warehouse.conftest import House

XI, CITY = "141031", "141000"


@pytest.fixture
def told(house: House) -> House:
    line = {"bank": "农行", "task": Decimal(80), "lent_ytd": Decimal("40.5")}
    house.submit(house.filing("microcredit", XI, line, period="2015-07"))
    house.publish(period="2015-07")
    return house


def test_the_file_has_every_view_and_the_same_figures(told: House, tmp_path: Path) -> None:
    path = tmp_path / "contract.sqlite"
    with told.engine.connect() as connection:
        for _ in range(2):
            write_contract_file(connection, told.scheme, path)
    with closing(sqlite3.connect(path)) as file:
        tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master")]
        assert tables == [view.name for view in contract(told.scheme)]
        rows = file.execute(
            "SELECT county_name, status, task, lent_ytd, done_pct, counties_reported "
            "FROM microcredit WHERE county_code IN (?, ?) ORDER BY county_code",
            (XI, CITY),
        ).fetchall()
        (moment,) = file.execute("SELECT published_at FROM publications").fetchone()
    assert rows == [
        ("临汾市", "provisional", 80, 40.5, 50.6, 1),
        ("隰县", "normal", 80, 40.5, 50.6, 1),
    ]
    assert moment == "2016-01-04T18:30:00+00:00"


def test_sdmx_csv_has_a_row_per_observation(told: House) -> None:
    with told.engine.connect() as connection:
        rows = list(csv.DictReader(StringIO(sdmx_csv(connection, told.scheme))))
    of_form = [r for r in rows if r["FORM"] == "microcredit" and r["MEASURE"] == "lent_ytd"]
    assert len(of_form) == 1 + 10
    by_area = {row["REF_AREA"]: row for row in of_form}
    assert by_area[XI] == {
        "STRUCTURE": "dataflow",
        "STRUCTURE_ID": "LINFEN:OBSERVATIONS(1.0)",
        "ACTION": "I",
        "FREQ": "M",
        "REF_AREA": XI,
        "FORM": "microcredit",
        "MEASURE": "lent_ytd",
        "TIME_PERIOD": "2015-07",
        "OBS_VALUE": "40.5",
        "OBS_STATUS": "A",
        "UNIT_MEASURE": "万元",
        "DECIMALS": "4",
    }
    assert (by_area["141034"]["OBS_VALUE"], by_area["141034"]["OBS_STATUS"]) == ("", "O")
    assert (by_area[CITY]["OBS_VALUE"], by_area[CITY]["OBS_STATUS"]) == ("40.5", "P")


def test_a_library_of_sdmx_reads_it(told: House, tmp_path: Path) -> None:
    path = tmp_path / "observations.sdmx.csv"
    with told.engine.connect() as connection:
        written = sdmx_csv(connection, told.scheme)
    path.write_text(written, encoding="utf-8")
    (read,) = read_sdmx(path).get_datasets()
    assert read.short_urn == "Dataflow=LINFEN:OBSERVATIONS(1.0)"
    assert read.action is ActionType.Information
    told_twice = [
        {name: row[name] for name in read.data.columns} for row in csv.DictReader(StringIO(written))
    ]
    assert read.data.to_dict("records") == told_twice
    assert {"FREQ", "REF_AREA", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS"} <= {*read.data.columns}


def test_the_contract_of_an_earlier_night_is_what_it_was(told: House, tmp_path: Path) -> None:
    then, again = tmp_path / "then.sqlite", tmp_path / "again.sqlite"
    before = told.night(1)
    with told.engine.connect() as connection:
        write_contract_file(connection, told.scheme, then)
        figures = sdmx_csv(connection, told.scheme)
    line = {"bank": "农行", "task": Decimal(90), "lent_ytd": Decimal(45)}
    told.submit(told.filing("microcredit", XI, line, period="2015-07"), night=2, name="again")
    told.submit(told.filing("reduction", XI, {"task": Decimal(5)}), night=2, name="new")
    told.publish(period="2015-07", night=2)
    told.publish(period="2015", night=2)
    with told.engine.connect() as connection:
        write_contract_file(connection, told.scheme, again)
        assert _dump(again) != _dump(then)
        write_contract_file(connection, told.scheme, again, before)
        assert _dump(again) == _dump(then)
        assert sdmx_csv(connection, told.scheme) != figures
        assert sdmx_csv(connection, told.scheme, before) == figures
        write_contract_file(connection, told.scheme, again, told.night(2))
        write_contract_file(connection, told.scheme, then)
    assert _dump(again) == _dump(then)


def _dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as file:
        return list(file.iterdump())
