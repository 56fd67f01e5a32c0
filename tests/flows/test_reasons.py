"""What is wrong outside of the program is told in one line with what to do about it."""

import errno
import os
import sqlite3
import ssl

import pytest
from sqlalchemy.exc import OperationalError

from flows.console import reason
from schemas.errors import WarehouseError


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EACCES, "Permission denied; let the user who runs huizong read and write it"),
        (errno.EROFS, "Read-only file system; its disk can only be read; name another place"),
        (errno.ENOENT, "No such file or directory; look whether it is spelled right"),
        (errno.ENOTDIR, "Not a directory; a file stands where a folder is wanted"),
        (errno.EISDIR, "Is a directory; a folder stands where a file is wanted; name a file"),
    ],
)
def test_an_error_of_the_system_names_its_file(number: int, told: str) -> None:
    error = OSError(number, os.strerror(number), "forms/x.xlsx")
    assert reason(error).startswith(f"forms/x.xlsx: {told}")


def test_an_error_of_no_file_says_what_it_is() -> None:
    assert reason(ConnectionResetError(errno.ECONNRESET, "reset")) == "[Errno 104] reset"


@pytest.mark.parametrize(
    ("message", "todo"),
    [
        ("database is locked", "another program is writing to the warehouse; try again"),
        ("attempt to write a readonly database", "let the user who runs huizong write the file"),
        ("file is not a database", "look at database_url"),
    ],
)
def test_an_error_of_the_database_says_what_to_do(message: str, todo: str) -> None:
    error = OperationalError("INSERT", {}, sqlite3.OperationalError(message))
    assert reason(error).startswith(f"{message}; {todo}")


def test_what_huizong_says_itself_says_it_already() -> None:
    assert reason(WarehouseError("database is locked, it said")) == "database is locked, it said"


@pytest.mark.parametrize(
    ("error", "todo"),
    [
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number"), "does not speak TLS"),
        (ConnectionError("x: [SSL: CERTIFICATE_VERIFY_FAILED]"), "who issues its certificates"),
        (ConnectionError("x: STARTTLS extension not supported"), "set security to tls or none"),
        (OSError(-2, "Name or service not known"), "look how the server is spelled"),
        (OSError(111, "Connect call failed ('127.0.0.1', 9)"), "look at its port"),
        (TimeoutError("timed out"), "look whether a firewall"),
    ],
)
def test_a_connection_that_cannot_be_made_is_told_with_what_to_look_at(
    error: OSError, todo: str
) -> None:
    assert todo in reason(error)
