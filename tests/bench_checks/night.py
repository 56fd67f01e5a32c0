"""A night with some returns, as the checks see it: what they found, new against the clean night."""

from collections.abc import Sequence

from expectations.between import validate_between
from expectations.change import validate_change
from expectations.records.together import diagnosed_together
from expectations.reduction import reduced
from expectations.validate import validate
from schemas.consolidated.figures import Figure
from schemas.filing import Checked, Filing
from schemas.findings import Finding
from schemas.models import Scheme
from tests.bench_checks.faults import Fault
from tests.bench_checks.sheets import Sheet
from tests.bench_checks.world import World


def found_in(scheme: Scheme, world: World, faults: Sequence[Fault]) -> list[list[Finding]]:
    """What is found in each faulty return, and in the related forms of its county, first that of
    the checks of its own form.
    """
    filings = [fault.faulty.filing() for fault in faults]
    inside = validate(filings, scheme)
    files = [
        [filing, *_beside(world, fault.faulty)]
        for filing, fault in zip(filings, faults, strict=True)
    ]
    between = validate_between(files, scheme, world.accepted)
    found = []
    for fault, file, own, (mine, *others) in zip(faults, files, inside, between, strict=True):
        checked = own.and_also(mine).and_also(_changes(scheme, world, fault, file[0]))
        told = diagnosed_together([file], scheme, world.accepted, [[checked, *others]])
        # As in a night, of two checks that see one fault the stronger alone is told.
        found.append([finding for one in told[0] for finding in reduced(scheme, one).findings])
    return found


def _beside(world: World, sheet: Sheet) -> list[Filing]:
    """The county's filings with the other forms that rules compare this one with."""
    places = [(sheet.county, form) for form in sorted(world.forms_beside(sheet.form.name))]
    city = world.scheme.municipality.code
    return [
        world.filings[place]
        for place in [*places, *((city, form) for _, form in places)]
        if place in world.filings
    ]


def _changes(scheme: Scheme, world: World, fault: Fault, filing: Filing) -> Checked:
    """What stands out among the counties, of which the others are clean."""
    county, accepted = filing.county, dict(world.accepted) | world.others(filing.form)
    if fault.again:
        for now, before in world.series(filing.form).items():
            stated = world.figure(now, county)
            if stated.value is not None:
                for key in world.keys(before, county):
                    accepted[key] = Figure(stated.value, accepted[key].reach)
    ((checked,),) = validate_change([[filing]], scheme, accepted)
    return checked


def found_clean(scheme: Scheme, world: World) -> list[Finding]:
    """What is found in the clean returns of a period, all of them in one night."""
    counties = {sheet.county for sheet in world.sheets}
    city = world.scheme.municipality.code
    files = [
        [f for (c, _), f in world.filings.items() if c == county] for county in [*counties, city]
    ]
    inside = validate([filing for filings in files for filing in filings], scheme)
    rest = [
        *validate_between(files, scheme, world.accepted),
        *validate_change(files, scheme, world.accepted),
    ]
    every = [*inside, *(checked for of_file in rest for checked in of_file)]
    return [finding for checked in every for finding in checked.findings]
