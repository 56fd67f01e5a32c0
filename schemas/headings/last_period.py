"""The comment by which a template tells last period's figure, known again when it comes back.

Office programs other than Excel lose who wrote it.
"""

import re

from schemas.text import Text

LAST_PERIOD = Text(zh="上期（{period}）\n{value}", en="Last period ({period})\n{value}")

_WRITTEN = re.compile(
    "|".join(
        re.escape(words).replace(r"\{period\}", ".+").replace(r"\{value\}", ".*")
        for words in (LAST_PERIOD.zh, LAST_PERIOD.en)
    )
)


def tells_last_period(comment: str) -> bool:
    r"""Whether a comment is only what the template wrote.

    >>> tells_last_period("上期（2003年上半年）\n212 口"), tells_last_period("含上期12口")
    (True, False)
    """
    return _WRITTEN.fullmatch(comment) is not None
