"""Marks in workbooks of Excel 97 to 2003 and of WPS (.xls, .et): records in a compound file."""

from warehouse.publish.marks.biff.workbook import marked, was_marked

__all__ = ["marked", "was_marked"]
