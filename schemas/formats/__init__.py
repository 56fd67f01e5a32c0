"""The formats that counties really send, one file each: bytes to sheets.

Every reader takes bytes nobody vouches for. It follows no link, entity, macro or reference, stays
within `limits`, and raises WorkbookError where it can say what is wrong; whatever else it raises
is damage, and `open_workbook` says so.
"""
