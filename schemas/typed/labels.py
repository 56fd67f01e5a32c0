"""Labels of codes as they are printed down the side of a form: indented and numbered."""

import re

from schemas.models import CodeList
from schemas.models.codes import Code
from schemas.text import normalise

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
_NUMBER = r"(?:[一二三四五六七八九十]+|\d{1,2})"
_NUMBERING = re.compile(  # 一、 (一) 1. 1) (1) 其中: before a label
    rf"^(?:(?:\({_NUMBER}\)|{_NUMBER}[、.)])[、.]?)?(?:其中:?|#)?"
)


def code_labelled(text: str, codes: CodeList) -> Code | None:
    """The code of a label, which may have a number or 其中 before it; None of no label.

    >>> from schemas.scheme import CATALOG, load_scheme
    >>> kinds = load_scheme(CATALOG / "linfen").code_lists["training_kind"]
    >>> code_labelled("（一）实用技术", kinds).code
    'practical'
    """
    known = codes.by_spelling
    bare = _NUMBERING.sub("", normalise(text.lstrip(_CIRCLED)))
    return known.get(normalise(text)) or known.get(bare)
