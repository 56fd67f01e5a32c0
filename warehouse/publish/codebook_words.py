"""What the codebook is made of: tables of words in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import compress

from schemas.life import Dated, Former
from schemas.text import Text
from warehouse.publish.words import vocabulary

Cell = str | Text
Row = tuple[Cell, ...]

NOTHING = Text(zh="", en="")


@dataclass(frozen=True)
class Table:
    """A table: the words of its title and of its columns' headings, and its rows.

    A cell is a name, code or number, or words in both languages.
    """

    title: Text
    headings: tuple[Text, ...]
    rows: tuple[Row, ...]

    @property
    def filled(self) -> "Table":
        """The table without the columns in which no row says anything."""
        count = len(self.headings)
        columns = [any(row[i] not in ("", NOTHING) for row in self.rows) for i in range(count)]
        rows = (tuple(compress(row, columns)) for row in self.rows)
        return Table(self.title, tuple(compress(self.headings, columns)), tuple(rows))


def words(name: str, /, **filled: Cell) -> Text:
    """An entry of the vocabulary in both languages, its braces filled in each."""
    entry = vocabulary()[name]
    zh = {key: v.zh if isinstance(v, Text) else v for key, v in filled.items()}
    en = {key: v.en if isinstance(v, Text) else v for key, v in filled.items()}
    return Text(zh=entry.zh.format(**zh), en=entry.en.format(**en))


def joined(texts: Iterable[Text], zh: str = "；", en: str = "; ") -> Text:
    """Texts one after the other, with what stands between them."""
    listed = list(texts)
    return Text(zh=zh.join(t.zh for t in listed), en=en.join(t.en for t in listed))


def table(title: str, headings: Iterable[str], rows: Iterable[Row]) -> Table:
    """A table by the names of its title and its headings in the vocabulary."""
    return Table(words(title), tuple(words(f"head_{name}") for name in headings), tuple(rows))


def life(dated: Dated, formers: Iterable[Former] = ()) -> Text:
    """Since when, until when and why, and what it was called before."""
    turns = [
        *([words("life_since", period=dated.since)] if dated.since else []),
        *([words("life_until", period=dated.until)] if dated.until else []),
    ]
    why = [dated.why] if dated.why else []
    told = joined([*([joined(turns, "，", ", ")] if turns else []), *why], "：", ": ")
    return joined([*([told] if turns else []), *(formerly(former) for former in formers)])


def formerly(former: Former) -> Text:
    """Until when it was called what, and why it was renamed."""
    return words("life_formerly", period=former.until, label=former.label, why=former.why)
