"""Text in the two languages, and the one way in which names and headings are compared."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

Language = Literal["zh", "en"]

_ZERO_LOOK_ALIKES = str.maketrans({"〇": "0", "○": "0", "Ο": "0", "О": "0", "Ｏ": "0"})
_DIGIT = r"[\d零〇○一二三四五六七八九]"
_ZERO_LETTERS = re.compile(
    rf"(?<={_DIGIT})O+(?![A-Za-z])|(?<![A-Za-z])O+(?={_DIGIT})|(?<={_DIGIT})o+(?={_DIGIT})"
)
_BLANKS = re.compile(r"\s+")
_INVISIBLE = dict.fromkeys(
    (0xAD, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065))
)
_KEPT = 4096
"""Texts that stay folded: the labels of a sheet, and the cells of a line, which are asked often."""


class Closed(BaseModel):
    """A model that is frozen and refuses fields it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy with other values; what was worked out from the former ones is left behind."""
        copied = super().model_copy(update=update, deep=deep)
        for worked_out in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[worked_out]
        return copied

    def __getstate__(self) -> dict[Any, Any]:
        """What is sent to other processes: what was told, as other threads work out more of it."""
        state = super().__getstate__()
        told = {name: self.__dict__[name] for name in type(self).model_fields}
        return state | {"__dict__": told}


class Text(Closed):
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        """The words in one language."""
        return self.zh if language == "zh" else self.en


NOTHING = Text(zh="(无)", en="(none)")
"""What stands for a list of nothing."""


def listed(texts: Iterable[Text]) -> Text:
    """Several words as one list in each language."""
    words = list(texts)
    return Text(zh="、".join(text.zh for text in words), en=", ".join(text.en for text in words))


def on_one_line(text: str) -> str:
    r"""A text without the breaks and blanks by which Chinese is only fitted into a cell.

    >>> on_one_line("晋财农\n〔2015〕　105号"), on_one_line("Old  bridge")
    ('晋财农〔2015〕105号', 'Old bridge')
    """
    words = text.strip()
    if len(words.split()) < 2:
        return words

    def instead(blank: re.Match[str]) -> str:
        beside = words[blank.start() - 1] + words[blank.end()]
        return " " if beside.isascii() else ""

    return _BLANKS.sub(instead, words)


def visible(text: str) -> str:
    """A text without the characters that nobody sees and that copying brings along.

    >>> visible("\u200b80\u202c")
    '80'
    """
    return text if text.isascii() else text.translate(_INVISIBLE)


@lru_cache(maxsize=_KEPT)
def normalise(text: str) -> str:
    """Fold a name, heading or number for comparison: NFKC, no blanks or line breaks, lower case.

    >>> normalise("低收入困难家庭　　(户)") == normalise("低收入困难家庭（户）")
    True
    """
    if text.isascii():  # the most there is in a register, and nothing to be composed
        return "".join(text.split()).lower()
    if text.isalnum() and text.casefold() == text and unicodedata.is_normalized("NFKC", text):
        return text  # as names are, of which a register has many different ones
    folded = "".join(unicodedata.normalize("NFKC", visible(text)).split()).casefold()
    # Without the blank that held it, an accent joins the letter before it.
    return unicodedata.normalize("NFKC", folded)


def normalise_digits(text: str) -> str:
    """Like `normalise`, and characters that look like a zero become one: 二〇, ２ＯО, 二OO三.

    >>> normalise_digits("２○○３ 年")
    '2003年'
    """
    return normalise(zeros_for_letters(text.translate(_ZERO_LOOK_ALIKES)))


def zeros_for_letters(text: str) -> str:
    """A text with zeros for the letters O beside its digits.

    >>> zeros_for_letters("2O03, 二OO三年, No. 4 of 8")
    '2003, 二00三年, No. 4 of 8'
    """
    return _ZERO_LETTERS.sub(lambda letters: "0" * len(letters[0]), text)
