"""Prefect's server beside a night: its port, and what it leaves behind when it cannot start."""

import socket
from pathlib import Path

import pytest

from flows.server import HOST, free_port, prefect_server
from schemas.errors import SettingsError


def test_a_free_port_is_none_that_the_system_gives_to_a_connection() -> None:
    with socket.create_server((HOST, 0)) as other, socket.create_connection(other.getsockname()):
        lowest = min(other.getsockname()[1], 32768)
        assert all(free_port() < lowest for _ in range(20))


def test_a_server_whose_port_was_taken_meanwhile_says_so_in_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    log = tmp_path / "server.log"
    with (
        socket.create_server((HOST, 0)) as other,
        socket.create_connection(other.getsockname()) as taken,
        prefect_server(taken.getsockname()[1], log) as server,
        pytest.raises(SettingsError, match="did not start"),
    ):
        server.wait()
    told = log.read_text()
    assert "is already in use" in " ".join(told.split())
    assert "Fatal Python error" not in told
