"""What findings quote of the cells that they name, to be read back in the workbooks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from expectations.relation_case import MOST_CELLS
from schemas.findings import CellRef, Finding
from schemas.language.expression import names
from schemas.messages import fact
from schemas.models import Scheme
from schemas.period import Period
from schemas.text import Text, normalise

WITHOUT_CELLS: Mapping[str, str] = {
    "file-truncated": "nothing of the file can be opened",
    "file-not-workbook": "the file has no cells",
    "return-missing": "there is no file",
    "submission-repeated": "it is about two files, which are the same",
}
"""The codes of findings that name no cell, with the reason."""

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Quotation:
    """Cells that hold numbers of the text, each of them or all together, or words of it."""

    cells: tuple[CellRef, ...]
    numbers: frozenset[Decimal]
    words: frozenset[str] = frozenset()

    def is_held_by(self, values: Sequence[object]) -> bool:
        """Whether the values of the cells are what is quoted."""
        held = [Decimal(str(value)) for value in values if isinstance(value, int | float)]
        if len(held) == len(values):
            return sum(held) in self.numbers or self.numbers.issuperset(held)
        texts = [normalise(str(value)) for value in values]
        return all(any(word in text for word in self.words) for text in texts)


def quotations(finding: Finding, scheme: Scheme) -> Iterator[Quotation]:
    """What a finding quotes: its diagnoses cell by cell, and what is compared in its text."""
    for diagnosis in finding.diagnoses:
        for change in diagnosis.changes:
            if change.cell is not None:
                yield Quotation((change.cell,), frozenset({Decimal(change.stated)}))
    numbers = frozenset(Decimal(number) for number in _NUMBER.findall(fact(finding, "zh")))
    words = frozenset(map(_plain, finding.parameters.values())) - {""}
    for cells in _together(finding, scheme):
        yield Quotation(tuple(cells), numbers, words)


def _together(finding: Finding, scheme: Scheme) -> Iterator[Sequence[CellRef]]:
    """The cells whose values stand in the text, those together of which it is the sum."""
    cells = finding.cells[:1] if finding.lines > 1 else finding.cells
    match finding.code:
        case "rule-failed":  # behind its operands stand those of its condition, which it says not
            form = scheme.at(Period.parse(str(finding.period))).form(str(finding.form))
            rule = next(rule for rule in form.rules if rule.id == finding.rule)
            yield from ([cell] for cell in cells[: len(names(rule.comparison))])
        case "total-differs":
            yield cells[:1]
            if 1 < len(cells) <= MOST_CELLS:
                yield cells[1:]
        case "submission-conflict":  # the first cell in which two returns differ
            yield cells[:1]
        case "relation-failed" | "change-unusual":
            # Of a figure that is made of more cells, the first of them are named.
            yield from _by_column(cells) if len(cells) < MOST_CELLS else ()
        case _:
            yield from ([cell] for cell in cells)


def _by_column(cells: Sequence[CellRef]) -> Iterator[Sequence[CellRef]]:
    columns: dict[str, list[CellRef]] = {}
    for cell in cells:
        column = f"{cell.sheet}!{cell.address.rstrip('0123456789')}"
        columns.setdefault(column, []).append(cell)
    yield from columns.values()


def _plain(said: Text | str) -> str:
    return normalise(said.zh if isinstance(said, Text) else said)
