"""The words printed in what is published, in Chinese and in English: words.yaml."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import yaml

from schemas.findings import Severity, State
from schemas.text import Language, Text
from warehouse.china_time import CHINA_TIME

_FILE = Path(__file__).with_name("words.yaml")


@cache
def vocabulary() -> dict[str, Text]:
    """Every entry in both languages."""
    entries = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {name: Text.model_validate(entry) for name, entry in entries.items()}


@dataclass(frozen=True)
class Words:
    """The words in one language."""

    language: Language

    def __call__(self, name: str, /, **filled: object) -> str:
        """An entry, its braces filled: `words("as_of", time=...)`."""
        return vocabulary()[name].in_(self.language).format(**filled)

    def severity(self, severity: Severity) -> str:
        """The name of a severity."""
        return self(f"severity_{severity}")

    def state(self, state: State) -> str:
        """The name of a state."""
        return self(f"state_{state}")

    def time(self, at: datetime) -> str:
        """A moment to the minute, in Chinese time."""
        return f"{at.astimezone(CHINA_TIME):%Y-%m-%d %H:%M}"

    def day(self, at: datetime) -> str:
        """The day of a moment, in Chinese time."""
        return f"{at.astimezone(CHINA_TIME):%Y-%m-%d}"

    def listed(self, names: Iterable[str]) -> str:
        """Names in a row."""
        return self("and_so").join(names)
