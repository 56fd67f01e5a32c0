"""What a night run by hand or by cron prints: lines for a person, a traceback only for a bug."""

import errno
import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal

from sqlalchemy.exc import DBAPIError, OperationalError

from schemas.errors import HuizongError

OUTSIDE_ERRORS = (HuizongError, OSError, DBAPIError)
"""What is wrong outside the program: its first line says it, its traceback says nothing more."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REMEDIES = {
    errno.EACCES: "let the user who runs huizong read and write it, or name another place",
    errno.EPERM: "let the user who runs huizong read and write it, or name another place",
    errno.EROFS: "its disk can only be read; name another place",
    errno.ENOENT: "look whether it is spelled right and the folder that it is to be in is there",
    errno.EEXIST: "a file stands where a folder is wanted; name another place",
    errno.ENOTDIR: "a file stands where a folder is wanted; name another place",
    errno.EISDIR: "a folder stands where a file is wanted; name a file",
}
"""What to do about an error of the system that names a file."""

_OF_DATABASES = {
    "database is locked": "another program is writing to the warehouse; try again when it has done",
    "readonly database": "let the user who runs huizong write the file of the warehouse and its "
    "folder",
    "unable to open database file": "look at database_url, and whether its folder is there",
    "file is not a database": "look at database_url; `warehouse restore` reads backups",
    "image is malformed": "put the file of the warehouse aside and read a backup with "
    "`huizong warehouse restore`",
}
"""What to do where the message of a database has these words."""

_OF_CONNECTIONS = {
    "WRONG_VERSION_NUMBER": "what answers there does not speak TLS; look at its port and security",
    "STARTTLS extension not supported": "set security to tls or none, as the server has it",
    **dict.fromkeys(
        ("Name or service not known", "No address associated", "failure in name resolution"),
        "look how the server is spelled, and whether this machine can look names up",
    ),
    **dict.fromkeys(
        ("Connection refused", "Connect call failed"),
        "nothing listens there; look at its port, and whether the server runs",
    ),
    **dict.fromkeys(
        ("timed out", "No route to host", "Network is unreachable"),
        "look whether a firewall lets this machine out to it",
    ),
    **dict.fromkeys(
        ("Broken pipe", "Connection reset", "Connection lost", "connection lost"),
        "the connection was cut; the next time takes up what is left, and if it goes on, look at "
        "the network between",
    ),
    "CERTIFICATE_VERIFY_FAILED": "look at the name of the server, and let this machine know who "
    "issues its certificates (deploy/README.md)",
}
"""The same for a connection to anybody else."""


def is_full(error: object) -> bool:
    """Whether something could not be written because there is no room for it."""
    if isinstance(error, OperationalError):
        from psycopg.errors import DiskFull

        return isinstance(error.orig, DiskFull)
    return isinstance(error, OSError) and error.errno in _FULL


def is_of_surroundings(error: BaseException) -> bool:
    """Whether the database or the disk gave way, and not what was to be written was at fault."""
    if isinstance(error, OperationalError):
        from psycopg.errors import ProgramLimitExceeded

        return not isinstance(error.orig, ProgramLimitExceeded)
    return isinstance(error, OSError)


def reason(error: BaseException) -> str:
    """One line saying what went wrong, and where it is known what to do about it."""
    if isinstance(error, OSError) and is_full(error):
        return f"there is no room to write {error.filename or 'a file'}; make room on its disk"
    if isinstance(error, OSError) and error.filename and error.errno in _REMEDIES:
        return f"{error.filename}: {error.strerror}; {_REMEDIES[error.errno]}"
    told = error.orig if isinstance(error, DBAPIError) else error
    line = " ".join(str(told).split()) or type(told).__name__
    if isinstance(error, HuizongError):
        return line  # it says itself what to do
    known = _OF_DATABASES if isinstance(error, DBAPIError) else _OF_CONNECTIONS
    return "; ".join([line, *(todo for part, todo in known.items() if part in line)])


class _ForPeople(logging.Filter):
    """Of the log: what the night itself says, why a step is tried again, tracebacks of bugs.

    How a step or the night ended is left out: the command says it when it ends.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == "prefect.flow_runs":
            return record.module == "nightly"
        if record.name == "prefect.task_runs" and not record.exc_info:
            return False
        if record.exc_info and isinstance(record.exc_info[1], OUTSIDE_ERRORS):
            record.msg, record.args = reason(record.exc_info[1]), ()
            # Prefect's own handler came first, and left the text of the traceback behind.
            record.exc_info = record.exc_text = None
        return True


class Json(logging.Formatter):
    """A JSON object a line, for what collects logs; facts with names are fields of it."""

    def __init__(self, *_of_prefect: str) -> None:
        """Prefect, where it is told to use this one, hands over what its own wants."""
        super().__init__()

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        told: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if isinstance(record.args, Mapping):
            told = {**record.args, **told}
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def log_of_a_service(log_format: Literal["text", "json"]) -> None:
    """Write the log of a process without Prefect as nights write theirs, warnings too."""
    line = logging.Formatter("%(asctime)s  %(message)s", "%Y-%m-%d %H:%M:%S")
    handler = logging.StreamHandler()
    handler.setFormatter(line)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("flows").setLevel(logging.INFO)
    logging.captureWarnings(True)
    log_for_people(log_format)


def log_for_people(log_format: Literal["text", "json"] = "text") -> None:
    """Make the console's log lines fit for a person; what Prefect keeps in its database stays.

    With json each of them is an object.
    """
    for handler in logging.getLogger().handlers:
        handler.addFilter(_ForPeople())
        if log_format == "json":
            handler.setFormatter(Json())
