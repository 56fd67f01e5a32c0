"""The blank or filled workbook of a form."""
