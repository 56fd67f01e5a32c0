"""Running the night: once from the command line, or every night by Prefect's own server."""

import atexit
import errno
import os
import signal
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack
from importlib import import_module
from pathlib import Path
from shutil import disk_usage
from types import FrameType

from flows.configuration.settings import Site
from flows.lock import alone
from flows.prefect_database import begin_with, made_at_setup
from flows.server import HOST, PrefectServer, free_port, prefect_server
from schemas.errors import SettingsError

_API_URL = "PREFECT_API_URL"
_JSON_LINES = {
    "PREFECT_LOGGING_FORMATTERS_JSON_CLASS": "flows.console.Json",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER": "json",
}
"""What makes the log of whatever Prefect starts an object a line."""
_OF_NO_USE = (
    "cancellation_cleanup",
    "cleanup_reconciler",
    "event_persister",
    "foreman",
    "late_runs",
    "pause_expirations",
    "repossessor",
    "scheduler",
    "triggers",
)
"""Services of Prefect's server that a night alone does not want."""
_FOR_ONE_NIGHT = {
    # Block types are for the page; a night has none, and putting them in takes a second or two.
    "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
    **{f"PREFECT_SERVER_SERVICES_{name.upper()}_ENABLED": "false" for name in _OF_NO_USE},
    # What is left notes the steps, for whoever opens the page later: many at once, not one by one.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "500",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_READ_BATCH_SIZE": "100",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "2",
}
"""How Prefect's server runs beside one night."""
_NO_ROOM = 1 << 20
"""Bytes that nothing is to be expected of."""


def once(folder: Path) -> bool:
    """Run the night once and print what it did; False if huizong failed on anything.

    Raises HuizongError when the night could not be run or not be brought to its end.
    """
    site = Site(folder)
    try:
        with alone(site.folder):
            signal.signal(signal.SIGTERM, _leave)
            if _is_quiet(site):
                return True
            _prepare_prefect(site)
            return _night(site, _server(site))
    except OSError as error:
        raise _stopped(site, error) from None


def _is_quiet(site: Site) -> bool:
    """Whether the night had nothing to do, and is done; a server of others hears of every night."""
    if _API_URL in os.environ:
        return False
    from flows.console import OUTSIDE_ERRORS
    from flows.quiet import quiet_night
    from flows.telling.report import print_report

    try:
        report = quiet_night(site)
    except OUTSIDE_ERRORS:
        return False  # the night tries again, and says what is the matter
    if report is not None:
        print_report(report)
    return report is not None


def _night(site: Site, server: PrefectServer | None) -> bool:
    """Run the night with a server that may not answer yet: what it needs is imported meanwhile."""
    from flows.checking.reading import children

    children.prepare()
    from flows.house import closing_houses, open_house

    with closing_houses():
        open_house(str(site.folder))
        from flows.console import OUTSIDE_ERRORS, log_for_people
        from flows.nightly import nightly
        from flows.telling.report import print_report

        if server is not None:
            _wait(server)
        log_for_people(site.settings.log_format)
        try:
            report = nightly(str(site.folder))
        except OUTSIDE_ERRORS as error:
            raise _stopped(site, error) from None
        except Exception:
            if disk_usage(site.folder).free > _NO_ROOM:
                raise
            # Prefect's server has its state there too, and only says that it has failed.
            raise _stopped(site, OSError(errno.ENOSPC, "")) from None
    print_report(report)
    return not report.failures


def _stopped(site: Site, error: Exception) -> SettingsError:
    """What is told of a night that could not be brought to its end."""
    from flows.console import is_full, reason

    if isinstance(error, OSError) and is_full(error) and error.filename is None:
        error.filename = str(site.folder)
    return SettingsError(
        f"the night stopped: {reason(error)}. Nothing is lost; the next night goes on"
    )


def serve(folder: Path) -> None:
    """Start Prefect's server and page, and run the night by the schedule until interrupted."""
    from flows.house import closing_houses, open_house

    with closing_houses():
        site = open_house(str(folder.resolve())).site
    _prepare_prefect(site)
    port = site.settings.server_port
    # The page asks this address, and would ask port 4200 whichever one it came by.
    os.environ.setdefault("PREFECT_UI_API_URL", f"http://{HOST}:{port}/api")
    with _own_server(site, port) as server:
        server.wait()
        os.environ[_API_URL] = server.api_url
        from flows.desk.show import print_serving
        from flows.nightly import deploy, run_until_stopped

        settings = site.settings
        runner = deploy(str(site.folder), settings.schedule_cron, settings.schedule_timezone)
        print_serving(site, server.address)
        stopped = threading.Event()
        threading.Thread(target=_stop_with, args=[server, stopped], daemon=True).start()
        run_until_stopped(runner)
        stopped.set()
        if server.process.poll() is not None:
            raise SettingsError(f"Prefect's server has ended; its log is {server.log}")


def _server(site: Site) -> PrefectServer | None:
    """Start a server that runs until this process ends; None if the administrator named one.

    Prefect would start one too, but only once it is asked for the first run. Ours is the first
    thing that a night starts.
    """
    if _API_URL in os.environ:
        return None
    for name, value in _FOR_ONE_NIGHT.items():
        os.environ.setdefault(name, value)
    started = ExitStack()
    # Prefect sends its last words when the interpreter ends; the server has to outlast them.
    atexit.register(started.close)
    server = started.enter_context(_own_server(site, free_port(), ["--no-ui"]))
    os.environ[_API_URL] = server.api_url
    return server


def _own_server(
    site: Site, port: int, options: Sequence[str] = ()
) -> AbstractContextManager[PrefectServer]:
    """Start a server, whose first database was made beforehand."""
    begin_with(made_at_setup(), Path(os.environ["PREFECT_HOME"]).expanduser())
    return prefect_server(port, _log(site), options)


def _wait(server: PrefectServer) -> None:
    """Wait for the server; while it is not there, import what the night needs anyway."""
    if not server.answers():
        import_module("expectations.validate")
    server.wait()


def _log(site: Site) -> Path:
    return site.folder / "prefect-server.log"


def _leave(_signal: int, _frame: FrameType | None) -> None:
    # Left this way, and not killed, Python still stops the server of the night.
    raise SystemExit(128 + signal.SIGTERM)


def _prepare_prefect(site: Site) -> None:
    """Prefect reads these when it is imported; whatever the administrator has set stays.

    Its own state lives in the site folder, as does its page, which it would else put together in
    its package, where only root may write; its analytics are off (municipal networks are closed),
    and the log says what the night does, not what each task does. That a night is the one that runs
    is kept in the site folder too: if the server forgot it, as when the machine fails, the night
    would be taken for running for good, and each one that is due be left out.
    """
    defaults = {
        "PREFECT_HOME": str(site.folder / "prefect"),
        "PREFECT_UI_STATIC_DIRECTORY": str(site.folder / "prefect" / "ui"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": (
            "prefect.server.concurrency.lease_storage.filesystem"
        ),
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
        # Of runs that ended 90 days ago the pages go; what they did stands in the warehouse.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_LOGGERS_PREFECT_FLOW_RUNS_LEVEL": "INFO",
        "PREFECT_LOGGING_FORMATTERS_STANDARD_DATEFMT": "%Y-%m-%d %H:%M:%S",
        "PREFECT_LOGGING_FORMATTERS_STANDARD_FLOW_RUN_FMT": "%(asctime)s  %(message)s",
        "PREFECT_LOGGING_FORMATTERS_STANDARD_TASK_RUN_FMT": "%(asctime)s  %(message)s",
    }
    if site.settings.log_format == "json":
        defaults |= _JSON_LINES
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def _stop_with(server: PrefectServer, stopped: threading.Event) -> None:
    """Stop serving when the server ends on its own: nothing can be scheduled without it."""
    server.process.wait()
    if not stopped.is_set():
        os.kill(os.getpid(), signal.SIGTERM)
