"""Prefect's own server as a process beside this one, for as long as it is needed."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import SystemRandom
from urllib.error import URLError
from urllib.request import urlopen

from schemas.errors import SettingsError

HOST = "127.0.0.1"
_PORTS = range(20_000, 32_768)
"""Below those that systems give to connections, as a server takes seconds to take its own."""
_STARTS_WITHIN_SECONDS = 90
_STOPS_WITHIN_SECONDS = 20


@dataclass(frozen=True)
class PrefectServer:
    """A server that was started on this machine and may not answer yet."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path

    @property
    def api_url(self) -> str:
        """What PREFECT_API_URL is to be."""
        return f"{self.address}/api"

    def answers(self) -> bool:
        """Whether it can be used by now."""
        try:
            with urlopen(f"{self.api_url}/health", timeout=1) as response:  # noqa: S310
                return bool(response.status == 200)
        except (URLError, OSError):
            return False

    def wait(self) -> None:
        """Wait until it answers. Raises SettingsError when it does not start."""
        until = time.monotonic() + _STARTS_WITHIN_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            if self.answers():
                return
            time.sleep(0.2)
        raise SettingsError(f"Prefect's server did not start; its log is {self.log}")


@contextmanager
def prefect_server(port: int, log: Path, options: Sequence[str] = ()) -> Iterator[PrefectServer]:
    """Start Prefect's server, without waiting for it, and stop it when the block ends.

    It ends with this process also when that is killed. Raises SettingsError when something else
    has the port.
    """
    address = f"http://{HOST}:{port}"
    if _is_taken(port):
        raise SettingsError(
            f"something already answers on {address}; stop it or set server_port to another port"
        )
    command = [sys.executable, "-m", "flows.companion", "prefect", "server", "start"]
    # In a session of its own, so that Ctrl-C does not stop the server before those that need it.
    with (
        log.open("ab") as output,
        subprocess.Popen(  # noqa: S603
            [*command, "--host", HOST, "--port", str(port), *options],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        ) as process,
    ):
        try:
            yield PrefectServer(process, address, log)
        finally:
            _end(process)


def free_port() -> int:
    """A port that nothing listens on. Raises SettingsError when there is none."""
    for port in SystemRandom().sample(_PORTS, len(_PORTS)):
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port
    raise SettingsError(f"no port from {_PORTS.start} to {_PORTS.stop - 1} is free")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOPS_WITHIN_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
