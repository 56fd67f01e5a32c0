"""A scheme of a few forms: most facts do not depend on how many forms there are."""

from collections.abc import Set as AbstractSet

from schemas.models import Scheme
from schemas.relations import forms_spoken_of


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
