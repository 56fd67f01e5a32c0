"""What a finding may quote of a return that names persons: nothing that may be about one of them.

A clerk who shifts a row puts an ID number into the column of a code, and a name where a number
should be; so here not the column decides, but what stands in the cell.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from schemas.findings import Diagnosis, Finding
from schemas.models import Form
from schemas.text import Text

NOT_SHOWN = Text(zh="(可能涉及个人信息，不显示)", en="(not shown, as it may be personal)")

_OF_A_CELL = frozenset({"stated", "kept", "observed"})
_ABOUT_CELLS = ("value-", "line-", "cells-")
_WITH_KEYS = frozenset({"key-repeated", "relation-failed"})  # which a scheme says are not personal
_OF_A_PERSON = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{20}|1[3-9]\d{9})(?![\dXx])")
_SIGN = re.compile(r"[=≠≈<>≤≥]\s*")  # before what is expected
_SHORT_NUMBER = re.compile(r"-?\d{1,10}(\.\d+)?(E\+?\d+)?\s*[^\d\s]{0,2}")
_DATE = re.compile(r"\d{4}\D\d{1,2}(\D\d{1,2}\D?)?")
_LONG_NUMBER = re.compile(r"\d{11,}[Xx]?")  # a telephone, an ID number, an account
_LARGEST = Decimal(10) ** 10


def discreet(finding: Finding, form: Form) -> Finding:
    """A finding of a filing, without what may be personal where the form is about persons."""
    if not any(indicator.personal for indicator in form.indicators):
        return finding
    # A key that was mistyped is told, as keys are.
    shape = _OF_A_PERSON if finding.code in _WITH_KEYS else _LONG_NUMBER
    told = {
        "parameters": _parameters(finding),
        "observed": _quoted(finding.observed),
        "expected": _quoted(finding.expected),
        "difference": _small(finding.difference),
        "tolerance": _small(finding.tolerance),
        "effect": _small(finding.effect),
        "diagnoses": tuple(d for d in finding.diagnoses if not _quotes(d, shape)),
    }
    return finding.model_copy(update=told)


def _parameters(finding: Finding) -> Mapping[str, Text | str]:
    if finding.code in _WITH_KEYS:
        # Keys are told, and may be long; but a shifted row has a person where its key should be.
        return {name: _but(_OF_A_PERSON, said) for name, said in finding.parameters.items()}
    hidden = _OF_A_CELL if finding.code.startswith(_ABOUT_CELLS) else frozenset()
    return {
        name: NOT_SHOWN
        if name in hidden and isinstance(said, str) and not _is_plain(said)
        else _but(_LONG_NUMBER, said)
        for name, said in finding.parameters.items()
    }


def _is_plain(said: str) -> bool:
    """Whether it is a number or a date, signed or not, and too short to be that of a person."""
    sign = _SIGN.match(said)
    bare = said[sign.end() :] if sign else said
    return any(kind.fullmatch(bare) for kind in (_SHORT_NUMBER, _DATE))


def _quoted(said: str | None) -> str | None:
    return said if said is not None and _is_plain(said) else None


def _but(shape: re.Pattern[str], said: Text | str) -> Text | str:
    """What is said, without what has such a shape."""
    if isinstance(said, str):
        return shape.sub("…", said)
    return Text(zh=shape.sub("…", said.zh), en=shape.sub("…", said.en))


def _small(number: Decimal | None) -> Decimal | None:
    return number if number is None or abs(number) < _LARGEST else None


def _quotes(diagnosis: Diagnosis, shape: re.Pattern[str]) -> bool:
    """Whether a diagnosis says anything of such a shape."""
    said = (text for change in diagnosis.changes for text in (change.stated, change.proposed))
    return any(shape.search(text) for text in said)
