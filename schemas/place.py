"""Whose return a finding is about, so that every finding of the reader carries it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas import messages
from schemas.findings import CellRef, Finding, Severity, areas_of
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
        parameters: dict[str, Text | str],
        severity: Severity | None = None,
    ) -> Finding:
        """A finding about one cell; what stands in a personal column is never told."""
        if indicator.personal:
            hidden = {name: _HIDDEN for name in _PERSONAL_PARAMETERS if name in parameters}
            parameters = {**parameters, **hidden}
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


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, those that say the same of the same column made one.

    More than a few of one code about one column are one, too, though they quote other values.
    """
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        bare = finding.model_copy(update={"cells": () if finding.indicator else finding.cells})
        groups.setdefault(bare.model_dump_json(), []).append(finding)
    alike: dict[object, list[Finding]] = {}
    for number, finding in enumerate(map(_merge, groups.values())):
        column = finding.code, finding.indicator, finding.severity
        alike.setdefault(column if finding.indicator else number, []).append(finding)
    return tuple(
        finding
        for of_column in alike.values()
        for finding in ([_merge(of_column)] if len(of_column) > MOST_LINES else of_column)
    )


def _merge(group: Sequence[Finding]) -> Finding:
    """One finding in the place of some, which says what the first of them says."""
    if len(group) == 1:
        return group[0]
    cells = tuple(cell for finding in group for cell in finding.every_cell)
    lines = sum(finding.lines for finding in group)
    together = {"cells": cells[:MOST_LINES], "areas": areas_of(cells), "lines": lines}
    return group[0].model_copy(update=together)
