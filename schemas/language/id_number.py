"""The numbers of identity documents (GB 11643-1999), and what they say of their holders."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from schemas.text import normalise

Said = Literal["sex", "birth_date", "age"]
"""What an ID number says of its holder; the age is that of a day."""

SAID: tuple[Said, ...] = get_args(Said)

SEXES = ("female", "male")
"""The codes of the sexes, by whether the last digit of the serial is odd."""

_SHAPE = re.compile(r"(?P<body>[0-9]{17})(?P<check>[0-9X])(?:[0-9]{2})?")
_OLD_SHAPE = re.compile(r"[0-9]{15}")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"  # the check character by the weighted sum modulo 11


@dataclass(frozen=True)
class Holder:
    """What an ID number says of whose it is."""

    sex: str
    birth_date: date

    def age(self, on: date) -> int:
        """The full years on a day; below zero before the day of birth."""
        return on.year - self.birth_date.year - (_in_year(on) < _in_year(self.birth_date))


def holder(text: str) -> Holder | None:
    """The holder of an identity card or a disability certificate; None where a text is no number.

    18 characters with a date of birth and the check character of ISO 7064 MOD 11-2; 20 digits
    are a disability certificate, which is the number and two more digits; 15 digits are a number
    from before 1999, whose century is left out and which has no check character. Blanks, full-width
    digits and a small x are the same number.

    >>> holder("11010519491231002X")
    Holder(sex='female', birth_date=datetime.date(1949, 12, 31))
    >>> holder("110105491231003").sex, holder("110105194912310021")
    ('male', None)
    """
    number = normalise(text).upper()
    if _OLD_SHAPE.fullmatch(number):
        return _holder("19" + number[6:12], number[14])
    match = _SHAPE.fullmatch(number)
    if match is None or match["check"] != check_character(match["body"]):
        return None
    return _holder(number[6:14], number[16])


def is_id_number(text: str) -> bool:
    """Whether a text is the number of an identity card or a disability certificate.

    >>> is_id_number("11010519491231002X"), is_id_number("110105194912310021")
    (True, False)
    """
    return holder(text) is not None


def check_character(body: str) -> str:
    """The check character of the first 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
    return CHECKS[total % 11]


def _holder(born: str, serial: str) -> Holder | None:
    try:
        day = date(int(born[:4]), int(born[4:6]), int(born[6:]))
    except ValueError:
        return None
    return Holder(SEXES[int(serial) % 2], day)


def _in_year(day: date) -> tuple[int, int]:
    return day.month, day.day
