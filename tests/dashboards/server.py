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
    named = ("--firstname", "管理员", "--lastname", "汇总", "--email", "admin@example.org")
    user = ("--username", USER, "--password", PASSWORD)
    for command in (
        ("superset", "db", "upgrade"),
        ("superset", "fab", "create-admin", *user, *named),
        ("superset", "init"),
        ("python", str(DEPLOY / "import_bundle.py"), USER),
    ):
        subprocess.run([programs / command[0], *command[1:]], env=environment, check=True)
    address = f"{HOST}:{free_port()}"
    gunicorn = (str(programs / "gunicorn"), "--bind", address, "--timeout", "300")
    threads = ("--worker-class", "gthread", "--threads", "4", "superset.app:create_app()")
    server = subprocess.Popen([*gunicorn, *threads], env=environment)
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
