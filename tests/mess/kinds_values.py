"""Mess in the values: how people type numbers, dates and words."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from random import Random

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from tests.mess.kinds import columns_of, kind, some_cell, some_page
from tests.mess.page import Cell, Return

_WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")
_DIGITS, _FORMAL = "〇一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"


def numerals(number: int, digits: str = "零一二三四五六七八九", places: str = "千百十") -> str:
    """A whole number below 100 million as it is read aloud, worked out place by place."""
    high, low = divmod(number, 10_000)
    written = _four(high, digits, places) + "万" if high else ""
    if low and high and low < 1000:
        written += digits[0]
    written += _four(low, digits, places) if low else ""
    return written or digits[0]


def _four(number: int, digits: str, places: str) -> str:
    written, gap = "", False
    for power, place in zip((1000, 100, 10, 1), (*places, ""), strict=True):
        digit = number // power % 10
        if digit:
            written += (digits[0] if gap and written else "") + digits[digit] + place
        gap = not digit
    return written


def _plain(cell: Cell) -> str:
    return str(cell.written)


Write = Callable[[Cell, Random], object]


def _typed(name: str, write: Write, *kinds: str, computed: bool = False) -> None:
    """A kind of mess that writes a few cells otherwise; None from `write` leaves one as it is."""

    @kind(name)
    def mess(made: Return, random: Random) -> bool:
        done = False
        for _ in range(random.randint(1, 4)):
            found = some_cell(made, random, *kinds, computed=computed)
            if found is not None and (written := write(found[2], random)) is not None:
                found[2].write(written)
                done = True
        return done


_NUMBERS = ("integer", "decimal")
_typed("数字全角", lambda cell, _: _plain(cell).translate(_WIDE), *_NUMBERS)
_typed("千分位逗号", lambda cell, _: f"{cell.written:,}", *_NUMBERS)
_typed("全角千分位", lambda cell, _: f"{cell.written:,}".translate(_WIDE), *_NUMBERS)
_typed("文本数字", lambda cell, _: _plain(cell), *_NUMBERS)
_typed("数字前后空格", lambda cell, _: f"\u3000{_plain(cell)} ", *_NUMBERS)
_typed("不可见字符", lambda cell, r: r.choice("\u200b\ufeff\u202d") + _plain(cell), *_NUMBERS)
_typed("数字带换行", lambda cell, _: f"{_plain(cell)}\n", *_NUMBERS)
_typed("零的近形字", lambda cell, r: _plain(cell).replace("0", r.choice("〇○ОΟO")), *_NUMBERS)
_typed("中文数字", lambda cell, _: numerals(int(_plain(cell))), "integer")
_typed("中文大写", lambda cell, _: numerals(int(_plain(cell)), _FORMAL, "仟佰拾"), "integer")
_typed(
    "逐位中文数字",
    lambda cell, r: (
        "".join(_DIGITS[int(d)] for d in _plain(cell)).replace("〇", r.choice("〇○零O0０"))
        if int(str(cell.written)) > 9
        else None
    ),
    "integer",
)
_typed("数字带脚注号", lambda cell, r: _plain(cell) + r.choice("①⑴¹²"), *_NUMBERS)
_typed("以万计", lambda cell, _: f"{Decimal(_plain(cell)) / 10_000:f}万", "integer")
_typed(
    "约数在前",
    lambda cell, r: r.choice(("约", "近", "大约", "不足", "≥")) + _plain(cell),
    *_NUMBERS,
)
_typed("约数在后", lambda cell, r: _plain(cell) + r.choice(("余", "多", "左右", "以上")), *_NUMBERS)
_typed("数字后写说明", lambda cell, _: f"{_plain(cell)}(含移民)", *_NUMBERS)
_typed("一格两个数", lambda cell, _: f"{_plain(cell)}({int(float(_plain(cell))) + 1})", *_NUMBERS)
_typed(
    "用文字代替数", lambda cell, r: r.choice(("见附件", "待定", "null", "同去年", "?")), *_NUMBERS
)
_typed("公式出错", lambda cell, r: r.choice(("#REF!", "#DIV/0!", "#N/A")), *_NUMBERS)
_typed(
    "部分加粗",
    lambda cell, _: (
        CellRichText(TextBlock(InlineFont(b=True), _plain(cell)[:1]), _plain(cell)[1:])
        if len(_plain(cell)) > 1
        else None
    ),
    "integer",
)
_typed("逻辑值", lambda cell, _: True, *_NUMBERS)
_typed("代码前后空格", lambda cell, _: f" {_plain(cell)}\u3000", "code")
_typed("代码不在选项中", lambda cell, r: r.choice(("其它情况", "甲类", "未定")), "code")


@kind("空着不填")
def blank(made: Return, random: Random) -> bool:
    found = some_cell(made, random, "integer")
    if found is None:
        return False
    found[2].write(None)
    found[2].truth = None  # nothing was said, and nothing is to be read
    return True


@kind("单位写在格内")
def unit_in_cell(made: Return, random: Random) -> bool:
    found = some_cell(made, random, *_NUMBERS)
    if found is None or found[1].unit is None:
        return False
    found[2].write(f"{_plain(found[2])}{random.choice(('', ' '))}{found[1].unit}")
    return True


@kind("格内换成元")
def yuan_in_cell(made: Return, random: Random) -> bool:
    found = some_cell(made, random, "decimal")
    if found is None or found[1].unit != "万元":
        return False
    yuan = Decimal(_plain(found[2])) * 10_000
    found[2].write(f"{yuan:.0f}元" if yuan == int(yuan) else f"{yuan.normalize():f}元")
    return True


@kind("项目前写序号")
def numbered_labels(made: Return, random: Random) -> bool:
    page = some_page(made, random, "fixed")
    if page is None:
        return False
    labels = next((column.cells for column in columns_of(page, "code")), [])
    form = random.choice(("{}、", "（{}）", "{}.", "（{}）其中："))
    if not labels or not all(cell.free for cell in labels):
        return False
    for line, cell in enumerate(labels):
        cell.write(form.format(random.choice((_DIGITS[line + 1], line + 1))) + _plain(cell))
    return True


@kind("格式写明元")
def yuan_in_format(made: Return, random: Random) -> bool:
    found = some_cell(made, random, "decimal")
    if found is None or found[1].unit != "万元":
        return False
    yuan = float(Decimal(_plain(found[2])) * 10_000)
    found[2].write(yuan, number_format=random.choice(('0.##"元"', '#,##0.00"元"', "0元")))
    return True


@kind("格式缩小显示")
def moved_point(made: Return, random: Random) -> bool:
    found = some_cell(made, random, "decimal")
    if found is None or found[1].unit != "万元":
        return False
    yuan = float(Decimal(_plain(found[2])) * 10_000)
    found[2].write(yuan, number_format=random.choice(("0\\.0,", '0"."0000', '0!.0,"万元"')))
    return True


@kind("约数带单位")
def rough_with_unit(made: Return, random: Random) -> bool:
    found = some_cell(made, random, "integer")
    if found is None or found[1].unit is None:
        return False
    found[2].write(f"{_plain(found[2])}余{found[1].unit}")
    return True


@kind("百分号")
def per_cent(made: Return, random: Random) -> bool:
    found = some_cell(made, random, "decimal", computed=True)
    if found is None or found[1].unit != "%":
        return False
    found[2].write(f"{_plain(found[2])}%")
    return True


@kind("百分比写成小数")
def share(made: Return, random: Random) -> bool:
    found = some_cell(made, random, "decimal", computed=True)
    if found is None or found[1].unit != "%":
        return False
    found[2].write(float(Decimal(_plain(found[2])) / 100))
    return True


@kind("百分比格式")
def per_cent_format(made: Return, random: Random) -> bool:
    found = some_cell(made, random, "decimal", computed=True)
    if found is None or found[1].unit != "%":
        return False
    shown = random.choice(("0%", "0.00%", "0.0%;-0.0%"))
    found[2].write(float(Decimal(_plain(found[2])) / 100), number_format=shown)
    return True


@kind("误用百分比格式")
def per_cent_by_mistake(made: Return, random: Random) -> bool:
    found = some_cell(made, random, "integer")
    if found is None:
        return False
    found[2].write(found[2].written, number_format="0%")
    return True


@kind("百分号只是格式")
def sign_in_format(made: Return, random: Random) -> bool:
    found = some_cell(made, random, "decimal", computed=True)
    if found is None or found[1].unit != "%":
        return False
    found[2].write(found[2].written, number_format=random.choice(('0.00"%"', "0.0\\%")))
    return True


@kind("公式没有结果")
def not_calculated(made: Return, random: Random) -> bool:
    found = some_cell(made, random, *_NUMBERS, computed=True)
    if found is None:
        return False
    found[2].write("=1+1")
    return True


@kind("填写栏公式没有结果")
def formula_typed(made: Return, random: Random) -> bool:
    found = some_cell(made, random, "integer")
    if found is None:
        return False
    found[2].write(f"={_plain(found[2])}+0")
    return True


def _spellings(day: date) -> Iterator[str]:
    y, m, d = day.year, day.month, day.day
    yield from (f"{y}.{m}.{d}", f"{y}/{m}/{d}", f"{y}-{m:02}-{d:02}", f"{y}{m:02}{d:02}")
    yield from (f"{y}年{m}月{d}日", f"{y}年{m}月{d}号", f"{y} 年 {m} 月 {d} 日", f"{y}、{m}、{d}")
    yield from (f"{y} {m} {d}", f"{y}-{m:02}-{d:02} 00:00:00", day.strftime("%d-%b-%Y"))
    yield "".join(_DIGITS[int(c)] for c in str(y)) + f"年{numerals(m)}月{numerals(d)}日"
    yield f"{y}年{m}月{d}日".translate(_WIDE)
    yield f"{y % 100:02}年{m}月{d}日"


@kind("日期写法")
def dates(made: Return, random: Random) -> bool:
    found = some_cell(made, random, "date")
    if found is None or not isinstance(found[2].truth, date):
        return False
    found[2].write(random.choice(list(_spellings(found[2].truth))), number_format="General")
    return True


@kind("日期序列号")
def serial(made: Return, random: Random) -> bool:
    found = some_cell(made, random, "date")
    if found is None or not isinstance(found[2].truth, date):
        return False
    made.marks.add("serial")
    first = date(1904, 1, 1) if "1904" in made.marks else date(1899, 12, 30)
    found[2].write((found[2].truth - first).days, number_format="General")
    return True


@kind("1904年起的日期")
def epoch_1904(made: Return, random: Random) -> bool:
    found = some_cell(made, random, "date")
    if found is None or made.marks & {"serial"}:
        return False
    made.marks.add("1904")
    return serial(made, random)


@kind("月份代替日期")
def month_for_day(made: Return, random: Random) -> bool:
    found = some_cell(made, random, "date")
    if found is None or not isinstance(found[2].truth, date):
        return False
    found[2].write(f"{found[2].truth.year}.{found[2].truth.month}", number_format="General")
    return True


@kind("零写成横线或无")
def nil(made: Return, random: Random) -> bool:
    zeros = [
        cell
        for _, page in made.pages
        for column in columns_of(page, *_NUMBERS)
        for cell in column.cells
        if cell.free and cell.truth == 0
    ]
    if not zeros:
        return False
    random.choice(zeros).write(random.choice(("—", "-", "无", "——", "－")))
    return True


@kind("同上")
def ditto(made: Return, random: Random) -> bool:
    page = some_page(made, random, "list")
    if page is None:
        return False
    columns = columns_of(page, "code", "text", "integer", "decimal", "date")
    lines = page.lines
    pairs = [
        (column.cells[above], column.cells[below])
        for column in columns
        for above, below in pairwise(lines)
        if column.cells[below].free
        and column.cells[above].truth == column.cells[below].truth
        and column.cells[above].truth is not None
    ]
    if not pairs:
        return False
    random.choice(pairs)[1].write(random.choice(("〃", "同上", "″")), number_format="General")
    return True


@kind("批注")
def comment(made: Return, random: Random) -> bool:
    found = some_cell(made, random, *_NUMBERS, "text", "code")
    if found is None:
        return False
    found[2].comment = "按6月报表核实，另有12户未计"
    return True
