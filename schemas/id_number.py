"""The numbers of citizens' identity documents (GB 11643-1999)."""

import re
from datetime import date

from schemas.text import normalise

_SHAPE = re.compile(r"(?P<body>[0-9]{17})(?P<check>[0-9X])(?:[0-9]{2})?")
_OLD_SHAPE = re.compile(r"[0-9]{15}")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"  # the check character by the weighted sum modulo 11


def is_id_number(text: str) -> bool:
    """Whether a text is the number of an identity card or a disability certificate.

    18 characters with a date of birth and the check character of ISO 7064 MOD 11-2; 20 digits
    are a disability certificate, which is the number and two more digits; 15 digits are a number
    from before 1999, whose century is left out and which has no check character. Blanks, full-width
    digits and a small x are the same number.

    >>> is_id_number("11010519491231002X"), is_id_number("110105194912310021")
    (True, False)
    """
    number = normalise(text).upper()
    if _OLD_SHAPE.fullmatch(number):
        return _is_date("19" + number[6:12])
    match = _SHAPE.fullmatch(number)
    return (
        match is not None
        and _is_date(number[6:14])
        and match["check"] == check_character(match["body"])
    )


def check_character(body: str) -> str:
    """The check character of the first 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
    return CHECKS[total % 11]


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
