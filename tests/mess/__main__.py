"""Is whatever counties do to a return read right, or refused with the reason?

`python -m tests.mess [WORKBOOKS]` makes so many workbooks: every kind of mess alone, and random
combinations of three. It prints by kind how many values were read right, refused and wrong.
"""

import sys
from collections import Counter
from itertools import chain, islice

from schemas.reading.reader import read_submission
from schemas.scheme import CATALOG, load_scheme
from tests.mess.judge import judge
from tests.mess.kinds import KINDS
from tests.mess.make import PERIOD, Maker
from tests.mess.write import workbook


def main(workbooks: int) -> bool:
    """Make and read so many workbooks; says what came of them and whether nothing was wrong."""
    scheme = load_scheme(CATALOG / "linfen")
    maker = Maker(scheme)
    right, refused, wrong = Counter[str](), Counter[str](), Counter[str]()
    made_with, files = Counter[str](), 0
    for kinds, made in islice(chain(maker.alone(), maker.together()), workbooks):
        content = workbook(made)
        result = judge(made, read_submission(made.name, content, scheme, PERIOD.end), scheme)
        files += 1
        for name in kinds:
            made_with[name] += 1
            right[name] += result.counts["right"]
            refused[name] += result.counts["refused"]
            wrong[name] += len(result.wrong)
        for line in result.wrong[:3]:
            sys.stdout.write(f"{files} {'+'.join(kinds)}: {line}\n")
    for name in KINDS:
        sys.stdout.write(
            f"{name}\t{made_with[name]}\t{right[name]}\t{refused[name]}\t{wrong[name]}\n"
        )
    sys.stdout.write(f"{files} workbooks, {len(KINDS)} kinds, {sum(wrong.values())} wrong values\n")
    return not wrong.total()


if __name__ == "__main__":
    sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000) else 1)
