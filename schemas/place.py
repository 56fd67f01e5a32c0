"""Whose return a finding is about, so that every finding of the reader carries it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas import messages
from schemas.findings import CellRef, Finding, Severity
from schemas.models import Indicator
from schemas.text import Text

_HIDDEN = Text(zh="(个人信息，不显示)", en="(personal, not shown)")
_PERSONAL_PARAMETERS = ("stated", "kept")
MOST_CELLS = 100
"""How many cells a finding names."""

MOST_LINES = 10
"""More lines than this with one fault are one finding, which names the cells of the first."""


@dataclass(frozen=True)
class Place:
    """The county, period and form that are being read, as far as they are known."""

    county: str | None = None
    period: str | None = None
    form: str | None = None

    def finding(
        self, code: str, cells: Sequence[CellRef] = (), **parameters: Text | str
    ) -> Finding:
        """A finding with the usual severity of its code."""
        return self._finding(code, tuple(cells), parameters)

    def value_finding(
        self,
        code: str,
        indicator: Indicator,
        cell: CellRef,
        parameters: Mapping[str, Text | str],
        severity: Severity | None = None,
    ) -> Finding:
        """A finding about one cell; what stands in a personal column is never told."""
        parameters = public(indicator, parameters)
        stated = parameters.get("stated")
        observed = stated if isinstance(stated, str) else None
        told: dict[str, Text | str] = {"column": indicator.label, **parameters}
        found = self._finding(code, (cell,), told)
        what = {"indicator": indicator.name, "observed": observed}
        return found.model_copy(update={**what, "severity": severity or found.severity})

    def _finding(
        self, code: str, cells: tuple[CellRef, ...], parameters: dict[str, Text | str]
    ) -> Finding:
        return Finding(
            code=code,
            severity=messages.severity(code),
            county=self.county,
            form=self.form,
            period=self.period,
            cells=cells,
            parameters=parameters,
        )


def public(indicator: Indicator, parameters: Mapping[str, Text | str]) -> Mapping[str, Text | str]:
    """What fills the message of a finding about a column; nothing that stands in a personal one."""
    if not indicator.personal:
        return parameters
    return {**parameters, **{n: _HIDDEN for n in _PERSONAL_PARAMETERS if n in parameters}}
