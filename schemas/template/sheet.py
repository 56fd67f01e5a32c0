"""A worksheet that writes its formulas as they are."""

from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]


class PlainSheet(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas use only functions that Excel 2007 had.

    XlsxWriter looks through each formula for the hundred younger ones, which need a prefix, and
    that took a fifth of the time of a workbook. If it stops calling this, it is only slower.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")
