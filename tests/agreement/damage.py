"""Returns damaged at random, as clerks damage them: every kind of fault, in every kind of cell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from schemas.dates import EPOCH
from schemas.language.expression import Value
from schemas.layout import Layout, address, lay_out
from schemas.models import Form, Indicator, OrgUnit, Scheme
from schemas.period import Period
from schemas.sample.overtype import overtype
from schemas.template.template import write_workbook

Line = dict[str, Value | None]
Lines = Sequence[Mapping[str, Value | None]]

_MOST_LINES = 6
_NUMBERS = ("见附件", "7(28)", "?", "null")
_DATES = ("待定", "2015年底")
_WORDS = ("不详", "x*", "其他情况")


@dataclass(frozen=True)
class Damaged:
    """A workbook of some forms of a scheme, in which things were changed at random."""

    scheme: Scheme
    content: bytes
    layouts: tuple[Layout, ...]


def damaged(
    scheme: Scheme,
    county: OrgUnit,
    period: Period,
    returns: Mapping[str, Lines],
    random: Random,
    most: int = 4,
) -> Damaged:
    """The county's workbook of the scheme, with up to `most` changes in each form."""
    lines = {
        form.name: _lines(form, scheme, returns.get(form.name, ()), random)
        for form in scheme.forms_owed(county, period)
    }
    content = write_workbook(scheme, county, period, lines)
    layouts = []
    for form in scheme.forms_owed(county, period):
        layout = lay_out(form, scheme, len(lines[form.name]))
        layouts.append(layout)
        typist = _Typist(content, layout, scheme, lines[form.name], random)
        for _ in range(random.randint(0, most)):
            typist.change()
        content = typist.content
    return Damaged(scheme, content, tuple(layouts))


def _lines(form: Form, scheme: Scheme, lines: Lines, random: Random) -> list[Line]:
    """Some of the lines of a form; now and then one twice, or none at all."""
    chosen = [dict(line) for line in lines]
    if form.body != "list":
        return chosen
    chosen = random.sample(chosen, min(len(chosen), random.randint(1, _MOST_LINES)))
    if chosen and random.random() < 0.15:
        chosen.append(dict(random.choice(chosen)))
    return chosen


class _Typist:
    """Types over the cells of one form."""

    def __init__(
        self, content: bytes, layout: Layout, scheme: Scheme, lines: Sequence[Line], random: Random
    ) -> None:
        self.content = content
        self.layout = layout
        self.scheme = scheme
        self.lines = lines
        self.random = random

    def change(self) -> None:
        """Change one thing."""
        changes: list[Callable[[], None]] = [self._cell] * 12 + [self._row, self._total]
        self.random.choice(changes)()

    def _type(self, row: int, column: int, value: Decimal | str) -> None:
        sheet = self.layout.form.sheet_name
        self.content = overtype(self.content, sheet, address(row, column), value)

    def _filled_rows(self) -> Sequence[int]:
        rows = self.layout.lines
        return rows[: max(1, len(self.lines))] if self.layout.form.body == "list" else rows

    def _cell(self) -> None:
        number = self.random.randrange(len(self._filled_rows()))
        form = self.layout.form
        indicator = self.random.choice([i for i in form.indicators if i.name != form.fixed_by])
        value = self._wrong(indicator, number)
        self._type(self._filled_rows()[number], self.layout.column(indicator.name), value)

    def _wrong(self, indicator: Indicator, number: int) -> Decimal | str:
        stated = self.lines[number].get(indicator.name) if number < len(self.lines) else None
        if indicator.computed is not None:
            # A 0 over parts that are blank is what .xls files hold, and is read as blank.
            return self._number(indicator, Decimal(self.random.randint(1, 300))) or Decimal(7)
        choices: list[Decimal | str]
        match indicator.kind:
            case "integer" | "decimal":
                value = stated if isinstance(stated, Decimal) else Decimal(20)
                choices = [self._number(indicator, value)] * 8
                choices += ["", "—", "无", self.random.choice(_NUMBERS)]
            case "date":
                day = stated if isinstance(stated, date) else date(2015, 6, 1)
                moved = day + timedelta(days=self.random.randint(-400, 400))
                choices = [Decimal((moved - EPOCH).days)] * 6
                choices += ["", Decimal(2003), *_DATES]
            case "code":
                codes = self.scheme.codes(indicator).codes
                spellings = [word for code in codes for word in code.spellings]
                choices = [*spellings, *spellings, "", *_WORDS]
            case "text":
                choices = [self._text(indicator, stated)]
        return self.random.choice(choices)

    def _number(self, indicator: Indicator, value: Decimal) -> Decimal:
        step = Decimal(1).scaleb(-indicator.decimals)
        wrong = self.random.choice(
            [
                value + step,
                value - step,
                value + step / 2,
                -value,
                value * 10,
                value * 10000,
                value / 3,
                Decimal(0),
                Decimal(self.random.randint(0, 120)),
                indicator.minimum or Decimal(0),
                indicator.maximum or Decimal(100),
            ]
        )
        return wrong.quantize(Decimal("0.0000001"))

    def _text(self, indicator: Indicator, stated: Value | None) -> str:
        word = str(stated or "甲")
        if indicator.key and self.random.random() < 0.7:
            return str(self.random.choice(self.lines or [{}]).get(indicator.name) or word)
        if indicator.format is not None:
            at = self.random.randrange(len(word))
            digit = self.random.choice("0123456789X- ")
            return self.random.choice([word[:at] + digit + word[at + 1 :], word[:-1], word + "1"])
        return self.random.choice(["", " ", "—", "另一个"])

    def _row(self) -> None:
        """A line of which only one cell is left, a subtotal of the county's own, a nil."""
        if self.layout.form.body != "list":
            return
        row = self.random.choice(self._filled_rows())
        first, *others = range(self.layout.width)
        kind = self.random.randrange(3)
        if kind == 1:
            self._type(row, first, "小计")
            return
        for column in others:
            self._type(row, column, "")
        self._type(row, first, "无" if kind == 2 else "只有名称")

    def _total(self) -> None:
        totals = [i for i in self.layout.form.indicators if i.name in self.layout.form.totalled]
        if self.layout.total_row is not None and totals:
            indicator = self.random.choice(totals)
            value = self._number(indicator, Decimal(self.random.randint(0, 500)))
            self._type(self.layout.total_row, self.layout.column(indicator.name), value)
