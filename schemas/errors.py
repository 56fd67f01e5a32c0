"""The exception tree.

Bad data never raises: it makes findings. These exceptions are for wrong configuration and for
files that no reader can open, and each says what to do next.

    HuizongError
    ├── SchemeError       the reporting scheme does not hold together; lists every problem
    │   └── NotInScheme   somebody names a form, period, county or rule that it does not have
    ├── SettingsError     a setting is missing or unusable
    ├── WorkbookError     bytes that are not a readable workbook; carries the finding's code
    ├── ChannelError      a way in or out cannot be used as it is set up
    └── WarehouseError    the warehouse is missing, newer than the code, or refuses a change
"""

from collections.abc import Sequence

from schemas.text import Text


class HuizongError(Exception):
    """Base of everything huizong raises on purpose; its text is fit to show to a person."""


class SchemeError(HuizongError):
    """The scheme folder has problems; `problems` has one line each, with file and line."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("the scheme has problems:\n" + "\n".join(f"  {p}" for p in problems))


class NotInScheme(SchemeError):  # noqa: N818
    """A name that the scheme does not have; the text says which names there are."""

    def __init__(self, problem: str) -> None:
        super().__init__([problem])
        self.args = (problem,)


class SettingsError(HuizongError):
    """A setting is missing or unusable; the text names it and says what to set."""


class WorkbookError(HuizongError):
    """Bytes that cannot be read as a workbook.

    `code` is the finding that says so and `detail` completes its sentence where it needs one.
    """

    def __init__(self, code: str, detail: Text | None = None) -> None:
        self.code = code
        self.detail = detail
        super().__init__(code if detail is None else f"{code}: {detail.en}")


class ChannelError(HuizongError):
    """A way in or out cannot be used: a password, an address, a folder; the text says what to do.

    What may pass by itself, as a connection that was cut, is an OSError instead.
    """


class WarehouseError(HuizongError):
    """The warehouse cannot do what was asked; the text says what to do instead."""
