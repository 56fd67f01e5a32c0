"""A scheme of a few forms: most facts do not depend on how many forms there are."""

from collections.abc import Set as AbstractSet

from schemas.consolidated.relations import forms_spoken_of
from schemas.models import Scheme

FEW = frozenset(
    {"assessment", "biogas", "education", "fund_arrival", "hh_member", "hh_register"}
    | {"microcredit", "plan_targets", "pv", "reduction", "relocation_list"}
    | {"relocation_progress", "relocation_survey", "training", "water"}
)


def few_of(scheme: Scheme) -> Scheme:
    """The scheme of 临汾 with forms of every kind: lists, lines, registers, the city's own."""
    return with_forms(scheme, FEW)


def with_forms(scheme: Scheme, names: AbstractSet[str]) -> Scheme:
    """A scheme with some of its forms, and the rules between forms that speak of no others."""
    rule_files = {
        name: file.model_copy(
            update={
                "rules": tuple(
                    rule
                    for rule in file.rules
                    if all(forms_spoken_of(stated) <= names for stated in scheme.stated(rule))
                )
            }
        )
        for name, file in scheme.rule_files.items()
    }
    return scheme.model_copy(
        update={
            "forms": tuple(form for form in scheme.forms if form.name in names),
            "periods": tuple(entry for entry in scheme.periods if set(entry.calls or ()) <= names),
            "rule_files": rule_files,
        }
    )


def with_counties(scheme: Scheme, codes: AbstractSet[str]) -> Scheme:
    """A scheme of some counties only, so that few returns make a whole."""
    counties = tuple(unit for unit in scheme.counties if unit.code in codes)
    return scheme.model_copy(update={"counties": counties})
