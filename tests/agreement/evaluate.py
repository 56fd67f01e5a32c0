"""Work out the formulas of a workbook, by an engine that is neither ours nor an office program."""

from formulon import Workbook


def worked_out(content: bytes) -> bytes:
    """The workbook with the value of every formula, as Excel would show it."""
    book = Workbook.load(content)
    book.recalc()
    saved: bytes = book.save()
    return saved
