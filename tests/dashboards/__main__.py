"""`python -m tests.dashboards PROGRAMS CHROMIUM PICTURE`: the dashboard in a real Superset.

PROGRAMS is the folder with the executables of the environment that has Superset and Playwright.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import postgres_server
from tests.dashboards.published import published
from tests.dashboards.server import PASSWORD, USER, superset

_PICTURE = Path(__file__).with_name("picture.py")


def main(programs: str, chromium: str, target: str) -> None:
    """Fails if a chart does."""
    with tempfile.TemporaryDirectory() as folder, postgres_server() as server_url:
        reader_url = published(Path(folder) / "site", server_url)
        with superset(Path(programs), Path(folder), reader_url) as address:
            words = [address, USER, PASSWORD, chromium, target]
            subprocess.run([Path(programs) / "python", _PICTURE, *words], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
