"""The checks of a form, put together by what one expectation can ask at once."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from schemas.findings import Severity
from schemas.models import Form
from schemas.rules.checks import Check, Kind, line_checks
from schemas.text import Text

Asked = Literal["cells", "arithmetic", "codes", "id_number", "phone", "keys", "totals"]
"""What an expectation asks: about cells one by one, about the arithmetic of a line, and so on."""

_ASKED: dict[Kind, Asked] = {
    "required": "cells",
    "minimum": "cells",
    "maximum": "cells",
    "formula": "arithmetic",
    "in_id": "arithmetic",
    "rule": "arithmetic",
    "codes": "codes",
    "id_number": "id_number",
    "phone": "phone",
    "keys": "keys",
    "totals": "totals",
}


_ALONE: frozenset[Kind] = frozenset({"id_number", "phone", "keys"})


@dataclass(frozen=True)
class CheckGroup:
    """Checks that ask the same and are equally grave; those of numbers and keys stand alone."""

    id: str
    checks: tuple[Check, ...]

    @property
    def asks(self) -> Asked:
        """What its expectation asks."""
        return _ASKED[self.checks[0].kind]

    @property
    def severity(self) -> Severity:
        """How grave a failure of any of them is."""
        return self.checks[0].severity

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns they are about, each once."""
        names = (indicator.name for check in self.checks for indicator in check.indicators)
        operands = (name for check in self.checks for name in check.operands)
        return tuple(dict.fromkeys((*names, *operands)))

    @property
    def statement(self) -> Text:
        """What must hold, all of it."""
        return Text(
            zh="；".join(dict.fromkeys(check.statement.zh for check in self.checks)),
            en="; ".join(dict.fromkeys(check.statement.en for check in self.checks)),
        )


def check_groups(form: Form) -> tuple[CheckGroup, ...]:
    """The checks of the lines of a form in groups, in the order of their first checks."""
    groups: dict[str, list[Check]] = defaultdict(list)
    for check in line_checks(form):
        alike = f"{form.code}.{_ASKED[check.kind]}.{check.severity.value}"
        groups[check.id if check.kind in _ALONE else alike].append(check)
    return tuple(CheckGroup(name, tuple(checks)) for name, checks in groups.items())
