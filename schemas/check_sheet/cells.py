"""The cells of a form as arrays of a workbook formula: what the check sheet sees of a return.

Every expression is one for all rows from the row above the lines to the row below them, both of
which are left out again, so that rows inserted at either end are seen too. The expressions stand in
array formulas as every office program has known them; an error in a cell spoils no other cell.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import takewhile

from schemas.check_sheet import id_numbers
from schemas.dates import EPOCH, LATEST
from schemas.drawing.cell_checks import Choices
from schemas.layout import Layout, address, column_letter
from schemas.models import Indicator, Scheme
from schemas.typed.cells import NIL_MARKS

_NIL = "|".join(sorted(NIL_MARKS))
_LAST_DAY = (LATEST - EPOCH).days
_SUMS = "合计|小计|总计|共计"


@dataclass(frozen=True)
class ReviewCells:
    """The cells of one form. `content` is the cell that says whether it holds anything at all.

    `names` collects the names that the expressions speak of and what they stand for; they are to be
    defined in the workbook, and keep its formulas short.
    """

    layout: Layout
    scheme: Scheme
    choices: Choices
    content: str
    names: dict[str, str] = field(default_factory=dict)

    @property
    def sheet(self) -> str:
        """The sheet of the form, as a formula names it."""
        return f"'{self.layout.form.sheet_name_in(self.choices.language)}'!"

    def named_check(self, check: str, expression: str) -> str:
        """Give the outcome of a check a name, by its id."""
        name = f"check.{check.replace('-', '_')}"
        self.names[name] = expression
        return name

    def _named(self, what: str, expression: Callable[[], str]) -> str:
        name = f"{self.layout.form.name}.{what}"
        if name not in self.names:
            self.names[name] = expression()
        return name

    @property
    def typed(self) -> tuple[Indicator, ...]:
        """The columns that people fill in."""
        return tuple(i for i in self.layout.form.indicators if i.computed is None)

    # --- ranges ----------------------------------------------------------------------------------

    @property
    def _ends(self) -> tuple[int, int]:
        first, last = self.layout.lines[0], self.layout.lines[-1]
        return first - 1, last + 1

    def _range(self, first: int, last: int) -> str:
        above, below = self._ends
        return f"{self.sheet}${column_letter(first)}${above + 1}:${column_letter(last)}${below + 1}"

    def cells(self, indicator: Indicator) -> str:
        """The cells of a column."""
        column = self.layout.column(indicator.name)
        return self._range(column, column)

    @property
    def area(self) -> str:
        """The cells of all columns."""
        return self._range(0, self.layout.width - 1)

    def weights(self, indicators: Iterable[Indicator], separator: str = ",") -> str:
        """A constant with 1 for each of these columns and 0 for the others.

        It is a row; with ";" as the separator a column.
        """
        chosen = {self.layout.column(indicator.name) for indicator in indicators}
        return f"{{{separator.join(str(int(c.index in chosen)) for c in self.layout.columns)}}}"

    def column_number(self, indicator: Indicator) -> str:
        """The number of a column, also when columns were inserted before it."""
        above, _ = self._ends
        return f"COLUMN({self.sheet}${address(above, self.layout.column(indicator.name))})"

    def total(self, indicator: Indicator) -> str:
        """The cell of a column's total."""
        assert self.layout.total_row is not None, self.layout.form.name
        column = column_letter(self.layout.column(indicator.name))
        return f"{self.sheet}${column}${self.layout.total_row + 1}"

    # --- rows ------------------------------------------------------------------------------------

    def rows(self) -> str:
        """1 on each row between the two ends that is no total or subtotal of the county's own."""
        above, below = self._ends
        number = self.row_numbers()
        inside = (
            f"({number}>ROW({self.sheet}$A${above + 1}))*({number}<ROW({self.sheet}$A${below + 1}))"
        )
        labels = len(list(takewhile(lambda i: not i.numeric, self.layout.form.indicators)))
        if self.layout.form.body != "list" or not labels:
            return inside
        words = f"RIGHT({_folded(self._range(0, labels - 1))},2)"
        ones = ";".join("1" * labels)
        return f"{inside}*(MMULT(--{_among(words, _SUMS)},{{{ones}}})=0)"

    def row_numbers(self) -> str:
        """The number of each row."""
        return self._named("rows", lambda: f"ROW({self._range(0, 0)})")

    def lines(self) -> str:
        """1 on every line of the form."""
        return self._named("lines", self._lines)

    def _lines(self) -> str:
        least = 2 if self.layout.form.body == "list" and len(self.typed) > 1 else 1
        filled = f"MMULT({_filled(self.area)},{self.weights(self.typed, ';')})"
        return f"{self.rows()}*({filled}>={least})*({self.content}>0)"

    def holds(self) -> str:
        """How many cells are filled in by hand at all: in a list, with anything but a nil."""
        form = self.layout.form
        stated = _stated(self.area) if form.body == "list" else _filled(self.area)
        columns = [i for i in self.typed if i.name != form.fixed_by]
        return f"SUM({self.rows()}*{stated}*{self.weights(columns)})"

    def touched(self) -> str:
        """How many cells are filled in by hand, with whatever."""
        return f"SUM({self.rows()}*{_filled(self.area)}*{self.weights(self.typed)})"

    # --- cells -----------------------------------------------------------------------------------

    def value(self, indicator: Indicator) -> str:
        """The number in each cell of a column, as it is read; 0 where there is none."""
        return self._named(f"{indicator.name}.number", lambda: self._value(indicator))

    def _value(self, indicator: Indicator) -> str:
        cells = self.cells(indicator)
        number = f"IF(ISNUMBER({cells}),{cells},0)"
        return f"INT({number})" if indicator.kind == "date" else rounded(number, indicator.decimals)

    def words(self, indicator: Indicator) -> str:
        """The words in each cell of a column."""
        return f"TRIM({self.cells(indicator)})"

    # --- ID numbers ------------------------------------------------------------------------------

    def id_text(self, indicator: Indicator) -> str:
        """The ID number in each cell of a column, plain."""
        return self._named(
            f"{indicator.name}.text", lambda: id_numbers.plain(self.words(indicator))
        )

    def is_id_number(self, indicator: Indicator) -> str:
        """1 where a cell of a column is an ID number."""
        text = self.id_text(indicator)
        return self._named(f"{indicator.name}.id", lambda: id_numbers.is_id_number(text))

    # --- values ----------------------------------------------------------------------------------

    def keys(self, known: str, indicators: Iterable[Indicator]) -> str:
        """What some columns say together on each line, and nothing where that is not known."""
        joined = '&"|"&'.join(map(self._key, indicators))
        return self._named("keys", lambda: f'IF({known},{joined},"")')

    def _key(self, indicator: Indicator) -> str:
        return self.code(indicator) if indicator.kind == "code" else self.words(indicator)

    def code(self, indicator: Indicator) -> str:
        """The number of the code in each cell of a column, from 1; 0 where it is none."""
        return self._named(f"{indicator.name}.code", lambda: self._code(indicator))

    def _code(self, indicator: Indicator) -> str:
        assert indicator.code_list is not None, indicator.name
        spellings = self.choices.spellings(indicator.code_list)
        found = f'FIND("|"&{_folded(self.cells(indicator))}&"|",TRANSPOSE({spellings}))'
        return f"MMULT(--ISNUMBER({found}),ROW({spellings}))"

    def known(self, indicator: Indicator) -> str:
        """1 where a cell of a column holds what can be read as its value."""
        return self._named(f"{indicator.name}.known", lambda: self._known(indicator))

    def _known(self, indicator: Indicator) -> str:
        cells = self.cells(indicator)
        match indicator.kind:
            case "integer" if indicator.computed is None:
                return f"IF(ISNUMBER({cells}),{cells}=INT({cells}),{_is_nil(cells)})*1"
            case "integer" | "decimal":
                return f"(ISNUMBER({cells})+{_is_nil(cells)})"
            case "date":
                return f"IF(ISNUMBER({cells}),{_likely(cells, _first_day(indicator))},0)"
            case "code":
                return f"({self.code(indicator)}>0)*1"
            case "text":
                return _filled(cells)

    def blank(self, indicator: Indicator) -> str:
        """1 where nothing stands in a cell of a column, and no date where there is none."""
        cells = self.cells(indicator)
        seen = _stated if indicator.kind == "date" else _filled
        return self._named(f"{indicator.name}.blank", lambda: f"1-{seen(cells)}")

    def unreadable(self) -> str:
        """1 where a number is no number, a count no whole number or a date no date."""
        area = self.area
        numbers = [i for i in self.typed if i.numeric or i.kind == "date"]
        counts = self.weights(i for i in self.typed if i.kind == "integer")
        dates = self.weights(i for i in self.typed if i.kind == "date")
        wrong = f"{counts}*({area}<>INT({area}))+{dates}*(1-{_likely(area, self._first_days())})"
        return f"IF(ISNUMBER({area}),{wrong},{_stated(area)})*{self.weights(numbers)}"

    def _first_days(self) -> str:
        """The first day that is a date, of each column where they differ."""
        indicators = (column.indicator for column in self.layout.columns)
        days = [_first_day(indicator) if indicator else "0" for indicator in indicators]
        dates = {_first_day(i) for i in self.typed if i.kind == "date"}
        return f"{{{','.join(days)}}}" if len(dates) > 1 else next(iter(dates), "0")


def _first_day(indicator: Indicator) -> str:
    return str((indicator.earliest - EPOCH).days)


def rounded(number: str, decimals: int) -> str:
    """A number with so many decimals."""
    return f"ROUND({number},{decimals})"


def _folded(cells: str) -> str:
    """Words without blanks, in small letters."""
    return f'LOWER(SUBSTITUTE({cells}," ",""))'


def _among(cells: str, words: str) -> str:
    """1 where a cell is one of some words; MATCH would take ? and * in a cell for wildcards."""
    return f'ISNUMBER(FIND("|"&{cells}&"|","|{words}|"))'


def _is_nil(cells: str) -> str:
    return _among(cells, _NIL)


def _filled(cells: str) -> str:
    """1 where anything is seen in a cell."""
    return f"IF(ISERROR({cells}),1,--(LEN(TRIM({cells}))>0))"


def _stated(cells: str) -> str:
    """1 where anything but a nil is seen in a cell."""
    return f"IF(ISERROR({cells}),1,(LEN(TRIM({cells}))>0)*(1-{_is_nil(cells)}))"


def _likely(cells: str, first: str) -> str:
    return f"({cells}>={first})*({cells}<{_LAST_DAY + 1})"
