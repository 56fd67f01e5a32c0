"""The database with which Prefect's server begins in a new site, made where huizong is installed.

Prefect makes one by a hundred migrations at the first start of its server, which takes longer than
the server does otherwise. `python -m flows.prefect_database`, a part of `make setup`, lets Prefect
do so once; a site takes a copy. A later Prefect brings that up to date by itself, as ever.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

_NAME = "prefect.db"


def made_at_setup() -> Path:
    """Where the one of this Prefect is, in the environment in which huizong is installed."""
    return Path(sys.prefix) / "share" / "huizong" / f"prefect-{version('prefect')}.db"


def make(target: Path) -> None:
    """Let Prefect make an empty database. Raises CalledProcessError when it does not."""
    target.parent.mkdir(parents=True, exist_ok=True)
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    with TemporaryDirectory(dir=target.parent) as home:
        command = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"]
        subprocess.run(  # noqa: S603
            command, env=plain | {"PREFECT_HOME": home}, stdout=subprocess.DEVNULL, check=True
        )
        whole = Path(home) / "whole.db"
        with closing(sqlite3.connect(Path(home) / _NAME)) as connection:
            connection.execute("VACUUM INTO ?", [str(whole)])
        whole.replace(target)


def begin_with(made: Path, home: Path) -> None:
    """Copy a database into a home of Prefect that has none yet; what stands there is left.

    Where that cannot be done, or none was made, the server makes its own.
    """
    if not made.is_file() or (home / _NAME).exists():
        return
    home.mkdir(parents=True, exist_ok=True)
    with suppress(OSError), TemporaryDirectory(dir=home) as folder:
        # A link is there at once or not at all, and never takes the place of another file.
        os.link(shutil.copy(made, folder), home / _NAME)


if __name__ == "__main__":
    make(made_at_setup())
