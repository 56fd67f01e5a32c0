"""What a finding is about, beyond its cells: the line, told by its key, as rows move."""

from collections.abc import Mapping
from functools import cached_property

from schemas.filing import ROW, Filing, records
from schemas.findings import Finding
from schemas.models import Form
from schemas.rules.checks import line_checks

_SEPARATOR = " / "


class Lines:
    """The lines of a filing by their rows."""

    def __init__(self, filing: Filing, form: Form) -> None:
        self._filing = filing
        self._form = form

    @cached_property
    def _checks(self) -> frozenset[str]:
        return frozenset(check.id for check in line_checks(self._form))

    @cached_property
    def _keys(self) -> Mapping[int, str]:
        return _keys_by_row(self._filing, self._form)

    def key_of(self, finding: Finding) -> str | None:
        """What tells the line of a finding apart; None where it is not about a single line."""
        about_a_line = finding.indicator if finding.rule is None else finding.rule in self._checks
        if not about_a_line or finding.lines > 1:
            return None
        rows = {row for cell in finding.cells for row in self._filing.places.rows(cell)}
        keys = {self._keys.get(row) for row in rows}
        return keys.pop() if len(keys) == 1 else None


def _keys_by_row(filing: Filing, form: Form) -> Mapping[int, str]:
    """The keys as text. A line without its key, or with a personal one, is known by its row."""
    names = [key.name for key in form.key_indicators]
    personal = any(key.personal for key in form.key_indicators)
    found = {}
    for line in records(filing.frame, form, provenance=True):
        row = int(str(line[ROW]))
        values = [line[name] for name in names]
        unknown = personal or not names or None in values
        found[row] = f"row {row}" if unknown else _SEPARATOR.join(map(str, values))
    return found if form.body != "single" else dict.fromkeys(found, "")
