"""A municipality that has reported and is published, on a PostgreSQL that a dashboard may read."""

import secrets
import subprocess
import sys
from pathlib import Path

from sqlalchemy import make_url

from flows import sites
from schemas.scheme import CATALOG, load_scheme
from tests.databases import create_database
from warehouse.engine import open_engine
from warehouse.upkeep.grants import READER, grants

_HUIZONG = (sys.executable, "-c", "from flows.cli import main; main()")


def published(folder: Path, server_url: str) -> str:
    """The months of a year, annual returns with faults, and their night; the URL for a reader."""
    owner = create_database(server_url, "huizong")
    folder.mkdir()
    settings = f'scheme = "linfen"\ndatabase_url = "{owner}"\n'
    (folder / "huizong.toml").write_text(settings, encoding="utf-8")
    list(sites.init(folder, "linfen"))
    for returns in ("--months", "--faults"):
        _run("sample", returns, folder=folder)
    _run("nightly", folder=folder)
    return _reader_of(owner)


def _run(*words: str, folder: Path) -> None:
    subprocess.run([*_HUIZONG, *words, "--site", str(folder)], check=True)


def _reader_of(owner: str) -> str:
    """The URL of the same warehouse for a new member of the group of readers."""
    password = secrets.token_hex()
    engine = open_engine(owner)
    with engine.begin() as connection:
        for statement in grants(load_scheme(CATALOG / "linfen")):
            connection.exec_driver_sql(statement.replace("%", "%%"))
        connection.exec_driver_sql(
            f"CREATE ROLE dashboard LOGIN PASSWORD '{password}' IN ROLE {READER}"
        )
    engine.dispose()
    reader = make_url(owner).set(
        drivername="postgresql+psycopg2", username="dashboard", password=password
    )
    return reader.render_as_string(hide_password=False)
