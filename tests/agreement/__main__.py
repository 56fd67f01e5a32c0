"""Do the check sheet inside the workbook and the suites of Great Expectations agree?

`python -m tests.agreement [FILLINGS]` damages so many fillings at random, has LibreOffice work
their check sheets out and compares. Every filling is a workbook of six forms of a county and a
period drawn at random.
"""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from random import Random
from shutil import which
from tempfile import TemporaryDirectory

from rich.progress import track

from schemas.models import Scheme
from schemas.sample import sample_lines, sampled_periods
from schemas.scheme import CATALOG, load_scheme
from tests.agreement.compare import disagreements, on_sheet
from tests.agreement.damage import Damaged, damaged

_FORMS = 6
_AT_ONCE = 25


def main(fillings: int) -> bool:
    """Compare so many fillings; says what was compared and whether all agree."""
    drawn = islice(random_fillings(load_scheme(CATALOG / "linfen")), fillings)
    made = list(track(drawn, "filling", fillings))
    pairs = list(zip(made, recalculated([item.content for item in made]), strict=True))
    differing = list(disagreements(pairs))
    for number, found in differing:
        sys.stdout.write(f"filling {number}: {found}\n")
    forms = [layout.form.name for item in made for layout in item.layouts]
    failing = [failure for item, content in pairs for failure in on_sheet(item, content)]
    sys.stdout.write(
        f"{len(made)} fillings with {len(forms)} sheets of {len(set(forms))} forms: "
        f"{len(failing)} failures of {len(set(failing))} checks, {len(differing)} disagreements\n"
    )
    return not differing


def random_fillings(scheme: Scheme) -> Iterator[Damaged]:
    """Damaged fillings of the scheme's samples without end, the same each time."""
    folder = CATALOG / scheme.id
    samples = {
        (period, scheme.county(code)): forms
        for period in sampled_periods(folder)
        for code, forms in sample_lines(scheme, folder, period).items()
    }
    for number in count():
        random = Random(number)
        period, county = random.choice(list(samples))
        owed = scheme.forms_owed(county, period)
        chosen = {form.name for form in random.sample(owed, min(_FORMS, len(owed)))}
        some = scheme.model_copy(
            update={"forms": tuple(form for form in scheme.forms if form.name in chosen)}
        )
        yield damaged(some, county, period, samples[period, county], random)


def recalculated(contents: Sequence[bytes]) -> list[bytes]:
    """The workbooks as LibreOffice saves them, with every formula worked out."""
    with TemporaryDirectory(prefix="agreement-") as folder:
        made = Path(folder) / "made"
        made.mkdir()
        paths = [made / f"{number:05}.xlsx" for number in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
        for first in track(range(0, len(paths), _AT_ONCE), "working out"):
            _convert(paths[first : first + _AT_ONCE], Path(folder))
        return [(Path(folder) / path.name).read_bytes() for path in paths]


def _convert(paths: Sequence[Path], folder: Path) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, paths)], check=True, capture_output=True)


if __name__ == "__main__":
    if which("soffice") is None:
        sys.exit("soffice is not on the PATH: install LibreOffice Calc")
    sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 500) else 1)
