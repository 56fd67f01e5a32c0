"""A number as people type it into a cell: 1，234.5, 近1.2万人, 一千二百余户, 20万元, 85%.

What is typed is kept apart: the number, the unit behind it, how finely it was stated, and the
words that make it a rough one.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from schemas.numerals import chinese_number
from schemas.text import normalise, zeros_for_letters

_LOOK_ALIKES = str.maketrans({"Ο": "0", "О": "0", "−": "-", "，": ",", "\u2019": "", "'": ""})
_ZEROS = str.maketrans({"〇": "0", "○": "0"})
_BEFORE = (
    *(
        "大约",
        "约为",
        "约计",
        "约",
        "将近",
        "接近",
        "近",
        "不足",
        "不到",
        "超过",
        "大于",
        "少于",
        "至少",
    ),
    *("最多", "超", "逾", ">=", "<=", "≥", "≤", ">", "<", "≈", "~"),
)
_AFTER = ("左右", "上下", "以上", "以下", "以内", "余", "多", "来", "许")
_MAGNITUDES = dict(zip("十百千万亿拾佰仟萬億", (1, 2, 3, 4, 8) * 2, strict=True))
_MYRIADS = "万亿萬億"
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+"
_CHINESE = "零〇○一二三四五六七八九十百千万亿点两兩壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億點"
_AMOUNT = re.compile(
    rf"(?P<sign>[+-]|负)?(?P<before>{'|'.join(map(re.escape, _BEFORE))})?"
    rf"(?:(?P<number>{_NUMBER})|(?P<chinese>[{_CHINESE}0]++))"
    rf"(?P<inside>余|多|来)?(?P<magnitude>[{''.join(_MAGNITUDES)}]*+)(?P<outside>余|多)?"
    rf"(?P<unit>(?:[^\W\d]|[%‰()])*?(?:m[23])?)(?P<after>{'|'.join(_AFTER)})?"
)
_FOOTNOTE = re.compile("[¹⁰-⁹₀-₉①-⒛⓪-⓿]|(?<!m)[²³]")  # NFKC makes 801 of 80①
_BLANKS = re.compile(r"(?<!\d)\s+|\s+(?!\d)")  # two numbers with a blank between are two
_DASHES = ("一",)  # one, or the dash that it looks like
_PER_HUNDRED = "百分之"
_MOST_CHARACTERS = 40  # nobody reads more


@dataclass(frozen=True)
class Amount:
    """A number as typed. `step` is what one more in its last digit is worth: 1000 in 1.2万.

    `unit` is what stands behind it without its magnitude, "" where nothing does; `power` is how
    many tens the magnitude stands for: 4 in 20万 and 三万五千, 3 in 三千, 0 in 一千二百五十六.
    `rough` are the words that say that it is not exact: 近, 约, 余, 以上.
    """

    number: Decimal
    step: Decimal
    power: int = 0
    unit: str = ""
    rough: str = ""


def amount_in(text: str) -> Amount | None:
    """The one amount that a text is; None where it is none, or more than one."""
    if len(text) > _MOST_CHARACTERS or _FOOTNOTE.search(text):
        return None
    folded = unicodedata.normalize("NFKC", text.translate(_LOOK_ALIKES))
    folded = _BLANKS.sub("", zeros_for_letters(folded))
    if folded.startswith(_PER_HUNDRED):
        folded = f"{folded.removeprefix(_PER_HUNDRED)}%"
    plain = folded.translate(_ZEROS)
    for spelling in (plain, folded):
        match = None if spelling in _DASHES else _AMOUNT.fullmatch(spelling)
        if match is not None and (found := _amount(match)) is not None:
            return found
    return None


def power_of(word: str) -> tuple[int, str]:
    """How many tens the first characters of a unit multiply it by, and the rest: 万元 is 4, 元.

    >>> power_of("千瓦时"), power_of("户")
    ((3, '瓦时'), (0, '户'))
    """
    power = 0
    while word and (of := _MAGNITUDES.get(word[0])) is not None:
        power, word = power + of, word[1:]
    return power, word


def _amount(match: re.Match[str]) -> Amount | None:
    if match["number"] is not None:
        number: Decimal | None = Decimal(match["number"].replace(",", ""))
    else:
        number = chinese_number(match["chinese"])
    if number is None:
        return None
    chinese = match["chinese"] or ""
    power = power_of(match["magnitude"])[0]
    step = Decimal(1).scaleb(exponent(number) + power)
    value = number.scaleb(power) * (-1 if match["sign"] in ("-", "负") else 1)
    rough = "".join(match[part] or "" for part in ("before", "inside", "outside", "after"))
    said = [word for word in chinese if word in _MYRIADS] + [*chinese[-1:]]
    written = max((_MAGNITUDES.get(word, 0) for word in said), default=0)
    return Amount(value, step, max(power, written), _bare(match["unit"]), rough)


def exponent(number: Decimal) -> int:
    """The place of the last digit of a number: -2 for 1.50."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int), number
    return exponent


def _bare(unit: str) -> str:
    """A unit without brackets, and 整 of an amount written out in full."""
    word = normalise(unit)
    if word.startswith("(") and word.endswith(")"):
        word = word[1:-1]
    return word.removesuffix("整").removesuffix("正") if word.startswith("元") else word
