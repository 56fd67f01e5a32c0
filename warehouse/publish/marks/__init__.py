"""Marks put into a workbook as it came: one editor for each format, nothing else is changed."""
