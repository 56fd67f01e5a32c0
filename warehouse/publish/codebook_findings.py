"""The register of findings in the codebook: every code, how grave it is, what it says."""

import re

from schemas.messages import catalogue
from schemas.text import Text
from warehouse.publish.codebook_words import Table, table, words

_FILLED_IN = re.compile(r"\{\w+\}")
_HEADINGS = ("code", "severity", "name", "fact", "remedy")


def findings_register() -> Table:
    """Every finding there can be; what a finding fills in is left open."""
    rows = (
        (
            code,
            words(f"severity_{message.severity}"),
            message.name,
            _open(message.fact),
            _open(message.remedy),
        )
        for code, message in sorted(catalogue().items())
    )
    return table("codebook_findings", _HEADINGS, rows)


def _open(text: Text) -> Text:
    return Text(zh=_FILLED_IN.sub("…", text.zh), en=_FILLED_IN.sub("…", text.en))
