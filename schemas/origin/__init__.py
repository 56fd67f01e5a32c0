"""Whose return a workbook is: what it says itself, and where it comes from."""
