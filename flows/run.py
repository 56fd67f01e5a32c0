"""Running the night: once from the command line, or every night by Prefect's own server."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from flows.settings import Site
from schemas.errors import SettingsError

_SERVER_STARTS_WITHIN_SECONDS = 90


def once(folder: Path) -> bool:
    """Run the night once and print what it did; False if huizong failed on anything."""
    site = Site(folder)
    _prepare_prefect(site)
    from flows.nightly import nightly
    from flows.report import print_report

    report = nightly(str(site.folder))
    print_report(report, site.language(site.load_scheme()))
    return not report.failures


def serve(folder: Path) -> None:
    """Start Prefect's server and page, and run the night by the schedule until interrupted."""
    site = Site(folder)
    _prepare_prefect(site)
    address = f"http://127.0.0.1:{site.settings.server_port}"
    with _server(site, address):
        os.environ["PREFECT_API_URL"] = f"{address}/api"
        from flows.nightly import serve_nightly
        from flows.show import print_serving

        print_serving(site, address)
        serve_nightly(
            str(site.folder), site.settings.schedule_cron, site.settings.schedule_timezone
        )


def _prepare_prefect(site: Site) -> None:
    """Prefect reads these when it is imported; whatever the administrator has set stays.

    Its own state lives in the site folder, its analytics are off (municipal networks are closed),
    and the log says what the night does, not what each task does.
    """
    defaults = {
        "PREFECT_HOME": str(site.folder / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "90",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_LOGGERS_PREFECT_FLOW_RUNS_LEVEL": "INFO",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


@contextmanager
def _server(site: Site, address: str) -> Iterator[None]:
    """Prefect's server on this machine for as long as the block runs."""
    if _answers(address):
        raise SettingsError(
            f"something already answers on {address}; stop it or set server_port to another port"
        )
    command = [sys.executable, "-m", "prefect", "server", "start"]
    options = ["--host", "127.0.0.1", "--port", str(site.settings.server_port)]
    log = site.folder / "prefect-server.log"
    with log.open("ab") as output:
        server = subprocess.Popen([*command, *options], stdout=output, stderr=output)  # noqa: S603
    try:
        _wait_for(server, address, log)
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    for _ in range(_SERVER_STARTS_WITHIN_SECONDS * 2):
        if _answers(address):
            return
        if server.poll() is not None:
            break
        time.sleep(0.5)
    raise SettingsError(f"Prefect's server did not start; its log is {log}")


def _answers(address: str) -> bool:
    try:
        with urlopen(f"{address}/api/health", timeout=1) as response:  # noqa: S310
            return bool(response.status == 200)
    except (URLError, OSError):
        return False
