"""What a site hands out: blank workbooks, the codebook, and sample returns to try it with."""

from collections.abc import Iterator
from pathlib import Path

from flows.configuration.settings import Site
from flows.counties import find_county
from flows.house import House, look_into
from schemas.errors import NotInScheme
from schemas.models import OrgUnit
from schemas.period import Period


def templates(folder: Path, target: Path, county: str | None, period: str | None) -> Iterator[Path]:
    """Write blank workbooks for the counties and periods asked for.

    They show what the warehouse accepted for the period before. Raises WarehouseError where there
    is no warehouse.
    """
    with look_into(str(folder)) as house:
        wanted = find_county(house.scheme, county).code if county else None
        entries = [house.scheme.period(period)] if period else house.scheme.periods
        for entry in entries:
            then = house.scheme.at(entry.period)
            called = [form for form in then.forms if then.owing(form, entry.period)]
            for unit in (unit for unit in then.filers(called) if wanted in (None, unit.code)):
                if then.forms_owed(unit, entry.period):
                    yield _template(house, unit, entry.period, target)


def _template(house: House, county: OrgUnit, period: Period, target: Path) -> Path:
    """Write the blank workbook of a county, or of the city, for a period below a folder."""
    from schemas.template.template import write_workbook
    from warehouse.engine import reading
    from warehouse.lines.previous import previous_returns

    with reading(house.engine) as connection:
        previous = previous_returns(connection, house.scheme, county, period)
    name = county.name.in_(house.language)
    path = target / period.id / f"{county.code}-{name}-{period.id}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        write_workbook(house.scheme, county, period, language=house.language, previous=previous)
    )
    return path


def codebook(folder: Path, target: Path) -> Iterator[Path]:
    """Write the codebook of the site's scheme as a page and as a workbook."""
    from warehouse.publish.codebook_files import codebook_files

    target.mkdir(parents=True, exist_ok=True)
    for name, content in codebook_files(Site(folder).load_scheme()).items():
        (target / name).write_bytes(content)
        yield target / name


def sample(
    folder: Path,
    target: Path | None,
    period: str | None = None,
    *,
    months: bool = False,
    faults: bool = False,
) -> list[Path]:
    """Write sample returns of the site's scheme into a folder, by default the inbox.

    Those of every sampled period, of one, or of the months of which there are samples.
    Raises NotInScheme when there is no sample of the period.
    """
    from flows.checking.reading import children
    from schemas.sample import sampled_months, sampled_periods, sampled_quarters, write_sample

    children.prepare()
    site = Site(folder)
    wanted = sampled_months(site.scheme_folder) if months else None
    if period is not None:
        ways = (sampled_periods, sampled_quarters, sampled_months)
        known = [entry for way in ways for entry in way(site.scheme_folder)]
        wanted = tuple(entry for entry in known if entry.id == period)
        if not wanted:
            listed = ", ".join(entry.id for entry in known)
            raise NotInScheme(f"no sample of {period!r}; there are {listed}")
    target = target or site.inbox
    scheme = site.load_scheme()
    return write_sample(
        scheme, site.scheme_folder, target, wanted, faults=faults, each=children.each
    )


def register(folder: Path, target: Path | None) -> Iterator[tuple[int, int, Path]]:
    """Write the whole register of households, county by county, by default into the inbox.

    Yields how many counties are done, of how many, and the workbook just written.
    """
    from schemas.sample import write_register

    site = Site(folder)
    scheme = site.load_scheme()
    paths = write_register(scheme, site.scheme_folder, target or site.inbox)
    for done, path in enumerate(paths, start=1):
        yield done, len(scheme.counties), path
