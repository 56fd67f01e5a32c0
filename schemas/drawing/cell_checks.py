"""What Excel itself checks while a return is filled in: drop-down lists, numbers and dates."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from schemas.dates import LATEST
from schemas.drawing.stamp import LISTS_COLUMN, META
from schemas.layout import Layout, address, column_letter
from schemas.models import Code, Indicator, Scheme
from schemas.text import Language, Text, normalise
from schemas.typed.cells import NIL

_TITLE = Text(zh="请核对", en="Please check")
_CHOOSE = Text(zh="“{}”请从下拉选项中选择。", en="Choose {} from the list.")
_DATE = Text(zh="“{}”应填日期，如 2015-12-31。", en="{} is a date such as 2015-12-31.")
_INTEGER = Text(zh="“{}”应填整数", en="{} is a whole number")
_DECIMAL = Text(zh="“{}”应填数字，最多{}位小数", en="{} is a number with at most {} decimals")
_MINIMUM = Text(zh="，不小于{}", en=", at least {}")
_MAXIMUM = Text(zh="，不大于{}", en=", at most {}")
_OTHERWISE = Text(
    zh="。确实为零的填0，没有这项内容的填“—”或“无”。",
    en=". Write 0 for zero and — or none where there is none.",
)


class Choices:
    """The code lists of a scheme as columns of the hidden sheet.

    First come the labels, a column for each list, as drop-downs show them; then as many columns
    with the folded spellings of each code, between bars.
    """

    def __init__(self, scheme: Scheme, language: Language) -> None:
        self.language = language
        self._names = list(scheme.code_lists)
        lists = [code_list.codes for code_list in scheme.code_lists.values()]
        labels = [[code.label.in_(language) for code in codes] for codes in lists]
        spellings = [[_between_bars(code) for code in codes] for codes in lists]
        self.columns = [*labels, *spellings]

    def source(self, code_list: str) -> str:
        """The labels of a list, as a formula names their cells."""
        return self._cells(self._names.index(code_list))

    def spellings(self, code_list: str) -> str:
        """The spellings of each code of a list, as a formula names their cells."""
        return self._cells(len(self._names) + self._names.index(code_list))

    def _cells(self, column: int) -> str:
        letter = column_letter(LISTS_COLUMN + column)
        return f"{META}!${letter}$1:${letter}${len(self.columns[column])}"


def _between_bars(code: Code) -> str:
    """Every spelling of a code, as a formula can fold it and as the reader does."""
    folded = [word for s in code.spellings for word in (s.replace(" ", "").lower(), normalise(s))]
    return f"|{'|'.join(dict.fromkeys(folded))}|"


def add_checks(sheet: Worksheet, layout: Layout, choices: Choices, language: Language) -> None:
    """Add the check of each open column over all lines of a form."""
    for column in layout.columns:
        indicator = column.indicator
        if indicator is None or indicator.formula or indicator.name == layout.form.fixed_by:
            continue
        first, last = layout.lines[0], layout.lines[-1]
        check = _check(indicator, address(first, column.index), choices, language)
        if check is not None:
            check["error_title"] = _TITLE.in_(language)
            sheet.data_validation(first, column.index, last, column.index, check)


def _check(
    indicator: Indicator, cell: str, choices: Choices, language: Language
) -> dict[str, Any] | None:
    label = indicator.label.in_(language)
    match indicator.kind:
        case "code":
            assert indicator.code_list is not None
            source, message = f"={choices.source(indicator.code_list)}", _CHOOSE.in_(language)
            return {"validate": "list", "source": source, "error_message": message.format(label)}
        case "date":
            return {
                "validate": "date",
                "criteria": "between",
                "minimum": indicator.earliest,
                "maximum": LATEST,
                "error_message": _DATE.in_(language).format(label),
            }
        case "integer" | "decimal":
            limits = ",".join(_limits(indicator, cell))
            nil = ",".join(f'{cell}="{mark}"' for mark in ("—", "-", NIL.zh, NIL.en))
            formula = f"=IF(ISNUMBER({cell}),AND({limits}),OR({nil}))"
            message_text = _number_message(indicator, label, language)
            return {"validate": "custom", "value": formula, "error_message": message_text}
        case "text":
            return None


def _limits(indicator: Indicator, cell: str) -> Iterator[str]:
    yield f"{cell}=ROUND({cell},{indicator.decimals})"
    if indicator.minimum is not None:
        yield f"{cell}>={_plain(indicator.minimum)}"
    if indicator.maximum is not None:
        yield f"{cell}<={_plain(indicator.maximum)}"


def _number_message(indicator: Indicator, label: str, language: Language) -> str:
    kind = _INTEGER if indicator.kind == "integer" else _DECIMAL
    told = kind.in_(language).format(label, indicator.decimals)
    for text, limit in ((_MINIMUM, indicator.minimum), (_MAXIMUM, indicator.maximum)):
        if limit is not None:
            told += text.in_(language).format(_plain(limit))
    return told + _OTHERWISE.in_(language)


def _plain(number: Decimal) -> str:
    return f"{number:f}"
