"""A Superset of its own, with the dashboard in it, set up and run as the runbook says."""

import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from flows.server import HOST, free_port

DEPLOY = Path(__file__).parents[2] / "deploy" / "dashboards"
USER = PASSWORD = "admin"  # nobody else sees it
SETUP = (
    ("superset", "db", "upgrade"),
    ("superset", "fab", "create-admin", "--username", USER),
    ("superset", "init"),
    ("python", str(DEPLOY / "import_bundle.py"), USER),
)
"""What prepares a Superset, as the runbook has it."""

SERVE = ("--worker-class", "gthread", "superset.app:create_app()")
"""Words of gunicorn that its unit has, too."""

_NAMED = ("--firstname", "管理员", "--lastname", "汇总", "--email", "admin@example.org")
_ANSWERS = (*_NAMED, "--password", PASSWORD)


@contextmanager
def superset(programs: Path, folder: Path, reader_url: str) -> Iterator[str]:
    """Its address on this machine, for as long as it runs.

    `programs` is the folder with the executables of its environment.
    """
    environment = os.environ | {
        "SUPERSET_CONFIG_PATH": str(DEPLOY / "superset_config.py"),
        "SUPERSET_SECRET_KEY": secrets.token_hex(),
        "SUPERSET_DATABASE_URL": f"sqlite:///{folder / 'superset.db'}",
        "HUIZONG_READER_URL": reader_url,
    }
    for program, *words in SETUP:
        answers = _ANSWERS if "create-admin" in words else ()  # it would ask a person
        subprocess.run([programs / program, *words, *answers], env=environment, check=True)
    address = f"{HOST}:{free_port()}"
    gunicorn = (str(programs / "gunicorn"), "--bind", address, "--timeout", "300")
    server = subprocess.Popen([*gunicorn, "--threads", "4", *SERVE], env=environment)
    try:
        while not _answers(f"http://{address}/health"):
            assert server.poll() is None, "Superset has ended"
            time.sleep(0.5)
        yield f"http://{address}"
    finally:
        server.terminate()
        server.wait()


def _answers(address: str) -> bool:
    try:
        urlopen(address).close()
    except URLError:
        return False
    return True
