"""Two nights of registers, run by the loader on PostgreSQL; then every place is searched for what
it must not hold: names, ID numbers and telephones, also those that stand in a wrong column.
"""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import unescape
from zipfile import ZipFile, is_zipfile

import pandas as pd
import pytest
from aiosmtpd.controller import Controller
from openpyxl import load_workbook
from openpyxl.comments import Comment
from sqlalchemy import Engine, inspect, make_url, select, text

from flows import sites
from flows.console import log_for_people
from flows.house import closing_houses
from flows.nightly import nightly
from flows.server import free_port
from flows.telling.report import NightReport
from schemas.models import Scheme
from schemas.period import Period
from schemas.sample import sample_lines
from schemas.scheme import load_scheme
from schemas.template.template import write_workbook
from tests.databases import create_database
from tests.flows.given import scheme_with
from warehouse.engine import PERSONAL, open_engine
from warehouse.mart.export import sdmx_csv, write_contract_file
from warehouse.tables import findings
from warehouse.upkeep.grants import LOADER, grants

FORMS = frozenset({"hh_register", "hh_member", "education", "relocation_list"})
YEAR = Period.parse("2015")
FUSHAN, JI, XI = "141025", "141028", "141031"
WRONG_ID, LANDLINE, ACCOUNT = "142601194502069974", "0357-20123456", "6222020508000123456"

# What clerks do: a person of another county; a wrong number; a row one column to the right; numbers
# and names where an amount, a date, a code should be; a remark about somebody.
FAULTS: dict[str, list[tuple[str, str, str | int | None]]] = {
    "hh_register": [
        ("head_id", "of another county", None),
        ("head_id", "row 2", WRONG_ID),
        ("phone", "row 2", LANDLINE),
        ("hh_type", "row 3", "142627196403289973"),
        ("cause1", "row 3", "段文民"),
        ("persons", "row 4", 13903571234),
        ("floor_area", "row 5", "赵铁柱"),
    ],
}


class Post:
    """A mail server that keeps what it takes."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.letters.append(envelope.content)
        return "250 OK"


@dataclass
class Nights:
    """What two nights left behind, and what must be found in none of it."""

    site: Path
    owner: Engine
    scheme: Scheme
    reports: list[NightReport]
    log: str
    letters: list[bytes]
    of_county: dict[str, frozenset[str]]

    @property
    def hidden(self) -> frozenset[str]:
        """Everything personal that was sent."""
        return frozenset().union(*self.of_county.values())

    def shown_in(self, text: str, hidden: frozenset[str] | None = None) -> list[str]:
        """The personal values in a text."""
        return [value for value in sorted(hidden or self.hidden) if value in text]


@pytest.fixture(scope="module")
def nights(
    postgres_url: str, prefect_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Nights]:
    folder = tmp_path_factory.mktemp("persons")
    scheme_folder, site = scheme_with(FORMS, folder / "linfen"), folder / "site"
    post, log = Post(), io.StringIO()
    server = Controller(post, hostname="127.0.0.1", port=free_port())
    server.start()
    url = make_url(create_database(postgres_url, "persons"))
    as_owner = url.render_as_string(hide_password=False)
    site.mkdir()
    settings = f"""
scheme = "{scheme_folder}"
database_url = "{as_owner}"
log_format = "json"
[mail]
host = "127.0.0.1"
port = {server.port}
security = "none"
sender = "汇总 <huizong@example.cn>"
[[tell]]
name = "数据科"
who = "stewards"
mail = ["desk@example.cn"]
[[tell]]
name = "吉县"
who = "吉县"
mail = ["ji@example.cn"]
"""
    (site / "huizong.toml").write_text(settings, encoding="utf-8")
    list(sites.init(site, str(scheme_folder)))
    scheme = load_scheme(scheme_folder)
    owner = open_engine(as_owner)
    with owner.begin() as connection:
        for statement in grants(scheme):
            connection.exec_driver_sql(statement.replace("%", "%%"))
        connection.exec_driver_sql(f"CREATE ROLE a_night LOGIN IN ROLE {LOADER}")
    as_loader = url.set(username="a_night", password=None).render_as_string(hide_password=False)
    settings = settings.replace(as_owner, as_loader)
    (site / "huizong.toml").write_text(settings, encoding="utf-8")

    root = logging.getLogger()
    handler = logging.StreamHandler(log)
    root.addHandler(handler)
    log_for_people("json")
    sent = send(scheme, scheme_folder, site / "inbox", [FUSHAN, JI], {})
    with closing_houses():
        reports = [nightly(str(site))]
        sent |= send(scheme, scheme_folder, site / "inbox", [XI], FAULTS)
        reports.append(nightly(str(site)))
        yield Nights(site, owner, scheme, reports, log.getvalue(), post.letters, sent)
    root.removeHandler(handler)
    server.stop()
    with owner.begin() as connection:
        connection.exec_driver_sql("DROP ROLE a_night")
    owner.dispose()


def send(
    scheme: Scheme,
    folder: Path,
    inbox: Path,
    counties: list[str],
    faults: dict[str, list[tuple[str, str, str | int | None]]],
) -> dict[str, frozenset[str]]:
    """Put the registers of counties into the inbox; what of them is personal."""
    lines = sample_lines(scheme, folder, YEAR)
    sent = {}
    for code in counties:
        of_county = {name: lines[code][name] for name in FORMS}
        values = {
            str(line[each.name])
            for name, of_form in of_county.items()
            for each in scheme.form(name).indicators
            for line in of_form
            if each.personal and line[each.name] is not None
        }
        path = inbox / f"{code}.xlsx"
        path.write_bytes(write_workbook(scheme, scheme.county(code), YEAR, of_county))
        if faults:
            values |= spoil(scheme, path, str(lines[JI]["hh_register"][0]["head_id"]))
        sent[code] = frozenset(values)
    return sent


def spoil(scheme: Scheme, path: Path, of_another: str) -> set[str]:
    """Put faults with personal data into a register; what these are."""
    book = load_workbook(path)
    put: set[str] = set()
    for name, faults in FAULTS.items():
        form = scheme.at(YEAR).form(name)
        sheet = book[form.sheet_name]
        first = next(r for r in range(1, 30) if str(sheet.cell(r, 1).value).startswith("1410310"))
        columns = {each.name: number for number, each in enumerate(form.indicators, start=1)}
        for indicator, where, what in faults:
            row = first + (int(where.removeprefix("row ")) - 1 if where.startswith("row") else 0)
            value = of_another if what is None else what
            sheet.cell(row, columns[indicator]).value = value
            put.add(str(value))
        sheet.cell(first, columns["village"]).comment = Comment("问过孙大有", "王会计")
        put.add("孙大有")
    book.save(path)
    return put


def files_of(root: Path) -> Iterator[Path]:
    yield from (
        path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink()
    )


def texts_of(path: Path) -> Iterator[str]:
    """A file as text: as it is, and what is packed in it."""
    raw = path.read_bytes()
    yield raw.decode("utf-8", "replace")
    if is_zipfile(path):
        with ZipFile(path) as packed:
            for name in packed.namelist():
                yield unescape(packed.read(name).decode("utf-8", "replace"))
    if path.suffix == ".parquet":
        yield pd.read_parquet(path).to_csv()


def own_copies(nights: Nights) -> dict[Path, str]:
    """The marked copies, which go back to who sent them, with their counties."""
    return {
        path: path.parent.name.split("-")[0]
        for path in files_of(nights.site / "published")
        if path.parent.parent.name == "counties" and path.name != "discrepancies.xlsx"
    }


def test_the_night_needs_to_read_no_person(nights: Nights) -> None:
    assert [report.failures for report in nights.reports] == [(), ()]
    first, second = nights.reports
    assert {outcome.status for outcome in first.outcomes} == {"accepted"}
    assert {o.form for o in second.outcomes if o.status == "refused"} == {"hh_register"}
    with nights.owner.connect() as connection:
        codes = set(connection.scalars(select(findings.c.code).where(findings.c.county_code == XI)))
    assert codes >= {
        "value-in-two-counties", "value-invalid-id", "value-not-in-list", "value-not-number",
        "value-too-large", "cell-noted",
    }  # fmt: skip


def test_what_is_published_names_nobody(nights: Nights, tmp_path: Path) -> None:
    copies = own_copies(nights)
    assert {*copies.values()} == {FUSHAN, JI, XI}
    with nights.owner.connect() as connection:
        write_contract_file(connection, nights.scheme, tmp_path / "contract.sqlite")
        (tmp_path / "sdmx.csv").write_text(sdmx_csv(connection, nights.scheme), encoding="utf-8")
    published = (path for path in files_of(nights.site / "published") if path not in copies)
    searched = [*published, *files_of(tmp_path)]
    kinds = {path.suffix for path in searched}
    assert kinds >= {".xlsx", ".csv", ".parquet", ".html", ".json", ".sqlite"}, kinds
    assert any(path.name == "discrepancies.xlsx" for path in searched)
    told = [(path, nights.shown_in(text)) for path in searched for text in texts_of(path)]
    assert [each for each in told if each[1]] == []


def test_a_county_gets_back_its_own_persons_alone(nights: Nights) -> None:
    for path, county in own_copies(nights).items():
        others = frozenset().union(*(v for c, v in nights.of_county.items() if c != county))
        own = "\n".join(nights.of_county[county])
        foreign = frozenset(value for value in others if value not in own)  # 刘云 is in 刘云飞
        content = "".join(texts_of(path))
        assert nights.shown_in(content, nights.of_county[county])
        assert nights.shown_in(content, foreign) == []


def test_what_the_warehouse_keeps_beside_persons_and_files_names_nobody(nights: Nights) -> None:
    with nights.owner.connect() as connection:
        inspector = inspect(connection)
        tables = {f"public.{name}" for name in inspector.get_table_names("public")}
        tables |= {f"mart.{name}" for name in inspector.get_view_names("mart")}
        pseudonyms = (n for n in inspector.get_table_names(PERSONAL) if n.startswith("pseudonym"))
        tables |= {f"{PERSONAL}.{name}" for name in pseudonyms}
        assert len(tables) > 50
        for name in tables - {"public.submissions"}:
            rows = connection.execute(text(f"SELECT row_to_json(t)::text FROM {name} t"))
            assert nights.shown_in("".join(rows.scalars())) == [], name
        persons = connection.execute(text("SELECT t::text FROM personal.personal_hh_register t"))
        assert nights.shown_in("".join(persons.scalars()))


def test_what_is_told_and_logged_names_nobody(nights: Nights, prefect_home: Path) -> None:
    assert len(nights.letters) >= 3
    assert nights.shown_in(b"".join(nights.letters).decode()) == []
    lines = nights.log.splitlines()
    assert any("accepted" in json.loads(line)["message"] or line for line in lines)
    assert nights.shown_in(nights.log) == []
    beside = [path for path in files_of(nights.site) if path.parent == nights.site]
    of_prefect = [path for path in files_of(prefect_home) if path.stat().st_size < 1 << 27]
    assert any(path.name == "prefect.db" for path in of_prefect)
    for path in (*beside, *of_prefect):
        raw = path.read_bytes()
        assert [value for value in nights.hidden if value.encode() in raw] == [], path
