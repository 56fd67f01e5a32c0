"""Marks in an .xlsb: a package like an .xlsx, whose parts are records in the place of XML."""

from warehouse.publish.marks.biff12.marks import marked, was_marked

__all__ = ["marked", "was_marked"]
