"""Running the night: once from the command line, or every night by Prefect's own server."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from flows.house import closing_houses, open_house
from flows.lock import alone
from flows.settings import Site
from schemas.errors import SettingsError

_SERVER_STARTS_WITHIN_SECONDS = 90
_SERVER_STOPS_WITHIN_SECONDS = 20


def once(folder: Path) -> bool:
    """Run the night once and print what it did; False if huizong failed on anything.

    Raises HuizongError when the night could not be run or not be brought to its end.
    """
    with alone(Site(folder).folder), closing_houses():
        house = open_house(str(folder.resolve()))
        _prepare_prefect(house.site)
        signal.signal(signal.SIGTERM, _leave)
        from flows.console import OUTSIDE_ERRORS, log_for_people, reason
        from flows.nightly import nightly
        from flows.report import print_report

        log_for_people()
        try:
            report = nightly(str(house.site.folder))
        except OUTSIDE_ERRORS as error:
            raise SettingsError(
                f"the night stopped: {reason(error)}. Nothing is lost; the next night goes on"
            ) from None
    print_report(report, house.language)
    return not report.failures


def serve(folder: Path) -> None:
    """Start Prefect's server and page, and run the night by the schedule until interrupted."""
    with closing_houses():
        site = open_house(str(folder.resolve())).site
    _prepare_prefect(site)
    address = f"http://127.0.0.1:{site.settings.server_port}"
    log = site.folder / "prefect-server.log"
    with _server(site.settings.server_port, address, log) as server:
        os.environ["PREFECT_API_URL"] = f"{address}/api"
        from flows.nightly import deploy, run_until_stopped
        from flows.show import print_serving

        settings = site.settings
        runner = deploy(str(site.folder), settings.schedule_cron, settings.schedule_timezone)
        print_serving(site, address)
        stopped = threading.Event()
        threading.Thread(target=_stop_with, args=[server, stopped], daemon=True).start()
        run_until_stopped(runner)
        stopped.set()
        if server.poll() is not None:
            raise SettingsError(f"Prefect's server has ended; its log is {log}")


def _leave(_signal: int, _frame: FrameType | None) -> None:
    # Left this way, and not killed, Python still stops Prefect's temporary server.
    raise SystemExit(128 + signal.SIGTERM)


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
        "PREFECT_LOGGING_FORMATTERS_STANDARD_DATEFMT": "%Y-%m-%d %H:%M:%S",
        "PREFECT_LOGGING_FORMATTERS_STANDARD_FLOW_RUN_FMT": "%(asctime)s  %(message)s",
        "PREFECT_LOGGING_FORMATTERS_STANDARD_TASK_RUN_FMT": "%(asctime)s  %(message)s",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


@contextmanager
def _server(port: int, address: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Prefect's server on this machine for as long as the block runs."""
    if _is_taken(port):
        raise SettingsError(
            f"something already answers on {address}; stop it or set server_port to another port"
        )
    command = [sys.executable, "-m", "prefect", "server", "start"]
    options = ["--host", "127.0.0.1", "--port", str(port)]
    # In a session of its own, so that Ctrl-C does not stop the server before those that need it.
    with log.open("ab") as output:
        server = subprocess.Popen(  # noqa: S603
            [*command, *options], stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait_for(server, address, log)
        yield server
    finally:
        _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(_SERVER_STOPS_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _stop_with(server: subprocess.Popen[bytes], stopped: threading.Event) -> None:
    """Stop serving when the server ends on its own: nothing can be scheduled without it."""
    server.wait()
    if not stopped.is_set():
        os.kill(os.getpid(), signal.SIGTERM)


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


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
