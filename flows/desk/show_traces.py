"""What the command line shows of a figure's cells, and of a cell's figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from rich.console import Console

from schemas.models import Scheme
from schemas.text import Language

if TYPE_CHECKING:  # they import pandas, which takes longer than most looks
    from warehouse.tracing.trace import Trace
    from warehouse.tracing.traced_parts import Share
    from warehouse.tracing.uses import CellUses


def print_trace(traced: Trace, scheme: Scheme, language: Language) -> None:
    """A figure, the county values and cells it is made of, and whether they add up."""
    console = Console()
    path = " / ".join(label.in_(language) for label in traced.measure.labels)
    unit = scheme.unit_label(traced.measure.unit, language)
    console.print(
        f"[bold]{traced.unit.name.in_(language)} {traced.period.id}"
        f"  {traced.form.code} {path}: {_number(traced.value)} {unit}[/bold]",
        soft_wrap=True,
        highlight=False,
    )
    counted = traced.measure.aggregation in ("count", "share", "distinct")
    for part in traced.parts:
        if len(traced.parts) > 1:
            console.print(f"{part.label.in_(language)}: {_number(part.value)}")
        for line in _share_lines(part.shares, counted, language):
            console.print(line, soft_wrap=True, highlight=False, markup=False)
    for missing in traced.missing:
        console.print(f"  missing: {missing.code} {missing.name.in_(language)}")
    verdict = "[green]adds up[/green]" if traced.adds_up else "[red]does not add up[/red]"
    console.print(f"{_number(traced.recomputed)} = {_number(traced.value)}: {verdict}")


def print_uses(found: CellUses, scheme: Scheme, language: Language) -> None:
    """The figures that a cell is in, one a line, under what was read in it."""
    console = Console()
    form, label = found.form, found.indicator.label.in_(language)
    console.print(
        f"{found.unit.name.in_(language)} {found.period}  {form.code} {label}"
        f"  v{found.version}: {'—' if found.value is None else found.value}",
        soft_wrap=True,
        highlight=False,
        markup=False,
    )
    for use in found.uses:
        path = " / ".join(label.in_(language) for label in use.measure.labels)
        unit = scheme.unit_label(use.measure.unit, language)
        console.print(
            f"  {form.name}.{use.measure.name}  {use.unit.code} {use.unit.name.in_(language)}"
            f"  {path}: {_number(use.value)} {unit}".rstrip(),
            soft_wrap=True,
            highlight=False,
            markup=False,
        )
    if not found.uses:
        console.print("  in no published figure")


def _share_lines(shares: Sequence[Share], counted: bool, language: Language) -> Iterator[str]:
    """A line for each county: its value, the version and file it is from, and the cells."""
    rows = [
        (
            f"{share.unit.code} {share.unit.name.in_(language)}",
            _number(share.value),
            f"v{share.version}",
            share.file_name,
        )
        for share in shares
    ]
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for share, (name, value, *rest) in zip(shares, rows, strict=True):
        padded = [set_cell_size(text, width) for text, width in zip(rest, widths[2:], strict=True)]
        shown = [set_cell_size(name, widths[0]), value.rjust(widths[1]), *padded]
        yield "  ".join(["", *shown, _cells(share, counted)])


def _cells(share: Share, counted: bool) -> str:
    """The cells sheet by sheet, with what was typed where that is more than the number."""
    by_sheet: dict[str, list[str]] = {}
    for traced in share.cells:
        told = "" if traced.typed is None else f" ({traced.typed})"
        number = "" if counted else f"={_number(traced.value)}{told}"
        by_sheet.setdefault(traced.cell.sheet, []).append(f"{traced.cell.address}{number}")
    between = ", " if counted else " + "
    return between.join(f"{sheet}!{between.join(cells)}" for sheet, cells in by_sheet.items())


def _number(value: Decimal | None) -> str:
    return "—" if value is None else f"{value:,f}"
