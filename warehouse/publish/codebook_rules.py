"""The rules of a form in the codebook: over its own columns, and with other forms and periods."""

from collections.abc import Iterator

from schemas.language import expression
from schemas.language.references import Reference
from schemas.models import Form, Relation, Rule, Scheme
from schemas.text import Text
from warehouse.publish.codebook_words import NOTHING, Row, Table, joined, life, table, words

_RULES = ("rule", "severity", "statement", "check", "when", "life")
_RELATIONS = ("rule", "severity", "statement", "each", "check", "when", "compared", "life")


def rules_of(form: Form) -> Table:
    """The rules inside a form."""
    rows = (
        (
            rule.id,
            _gravity(rule),
            rule.label,
            rule.check,
            rule.when or "",
            life(rule),
        )
        for rule in form.rules
    )
    return table("codebook_rules", _RULES, rows)


def relations_of(form: Form, scheme: Scheme) -> Table:
    """The rules between forms and periods that judge a form, and where their figures come from."""
    declared = (rule for file in scheme.rule_files.values() for rule in file.rules)
    rules = (*declared, *scheme.following)
    rows = (_relation(rule, scheme) for rule in rules if rule.form == form.name)
    return table("codebook_relations", _RELATIONS, rows)


def _relation(rule: Relation, scheme: Scheme) -> Row:
    return (
        rule.id,
        _gravity(rule),
        rule.label,
        rule.each or rule.by or "",
        rule.check,
        rule.when or "",
        joined(_compared(rule, scheme)),
        life(rule),
    )


def _gravity(rule: Rule) -> Text:
    return words("severity_trial" if rule.trial else f"severity_{rule.severity}")


def _compared(rule: Relation, scheme: Scheme) -> Iterator[Text]:
    """The forms and periods, besides the judged one's own, that figures are taken from."""
    taken = {
        (reference.form, reference.shift): None
        for stated in scheme.stated(rule)
        for reference in map(Reference.parse, expression.names(stated.comparison))
        if reference.form != rule.form or reference.shift is not None
    }
    for name, shift in taken:
        form = scheme.form(name)
        period = NOTHING if shift is None else words(f"shift_{shift}")
        yield words("compared", code=form.code, title=form.title, period=period)
