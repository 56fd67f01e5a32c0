"""The checks of a form as array formulas: the check sheet inside a workbook."""
