"""Why the copy of a county's workbook has no marks, told without a word of what stands in it."""

import traceback
from dataclasses import dataclass

from schemas.errors import WorkbookError
from warehouse.publish.marks.marking import CannotMark

_OURS = ("schemas", "warehouse")


@dataclass(frozen=True)
class Unmarked:
    """Why a copy has no marks: `reason` in words of ours or the kind of an error.

    `place` is the module and line of ours where the error was, "" where there was none.
    """

    reason: str
    place: str = ""

    @classmethod
    def by(cls, error: Exception) -> "Unmarked":
        """Why, by the error that marking ended with.

        What other errors than ours say is left out: they quote what they stumble over.
        """
        cause = error
        while isinstance(cause.__cause__, Exception):
            cause = cause.__cause__
        kind = type(cause).__name__
        if not isinstance(error, (CannotMark, WorkbookError)):
            return cls(kind, _place(cause))
        said = " ".join(str(error).split())  # the name of a part may have any characters
        return cls(said if cause is error else f"{said} ({kind})", _place(cause))


def _place(error: Exception) -> str:
    """The innermost of the lines of ours through which an error went."""
    lines = [
        f"{module}:{line}"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if (module := str(frame.f_globals["__name__"])).partition(".")[0] in _OURS
    ]
    return lines[-1] if lines else ""
