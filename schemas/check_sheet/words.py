"""Words compared with words, as array expressions of a workbook."""

from collections.abc import Sequence

from schemas.check_sheet import id_numbers
from schemas.check_sheet.cells import ReviewCells
from schemas.language.expression import Comparison, Name, Node, OfId, Word
from schemas.language.id_number import SEXES
from schemas.models import Form


def is_word(node: Node, form: Form) -> bool:
    """Whether a side of a comparison is a word: a code, a text, a sex."""
    match node:
        case Word() | OfId("sex"):
            return True
        case Name(name):
            return form[name].kind in ("code", "text")
    return False


def words_compared(comparison: Comparison, cells: ReviewCells) -> tuple[str, str]:
    """Two array expressions: 1 where a comparison of words can be decided, and where it fails."""
    left, right = comparison.left, comparison.right
    if not isinstance(left, Name):
        left, right = right, left
    known = [_known(side, cells) for side in (left, right) if not isinstance(side, Word)]
    one = cells.layout.form[left.name] if isinstance(left, Name) else None
    if one is not None and one.kind == "code":
        codes = [entry.code for entry in cells.scheme.codes(one).codes]
        same = f"({_coded(left, codes, cells)}={_coded(right, codes, cells)})"
    else:
        same = f"EXACT({_word(left, cells)},{_word(right, cells)})"
    fails = f"(1-{same})" if comparison.comparator == "=" else same
    return "*".join(known), fails


def _known(node: Node, cells: ReviewCells) -> str:
    """1 where a word is there."""
    match node:
        case Name(name):
            return cells.known(cells.layout.form[name])
        case OfId(name=name):
            return cells.is_id_number(cells.layout.form[name])
    raise TypeError("words are compared with words")


def _coded(node: Node, codes: Sequence[str], cells: ReviewCells) -> str:
    """The number of a word in a list of codes, from 1; 0 where it is none of them."""
    numbers = {code: number for number, code in enumerate(codes, start=1)}
    match node:
        case Word(word):
            return str(numbers.get(word, 0))
        case Name(name):
            return cells.code(cells.layout.form[name])
        case OfId():
            female, male = (str(numbers.get(sex, 0)) for sex in SEXES)
            return f"IF({_is_male(node, cells)},{male},{female})"
    raise TypeError("words are compared with words")


def _word(node: Node, cells: ReviewCells) -> str:
    match node:
        case Word(word):
            return _quoted(word)
        case Name(name):
            return cells.words(cells.layout.form[name])
        case OfId():
            female, male = map(_quoted, SEXES)
            return f"IF({_is_male(node, cells)},{male},{female})"
    raise TypeError("words are compared with words")


def _is_male(node: OfId, cells: ReviewCells) -> str:
    return id_numbers.is_male(cells.id_text(cells.layout.form[node.name]))


def _quoted(word: str) -> str:
    return '"{}"'.format(word.replace('"', '""'))
