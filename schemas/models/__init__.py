"""The reporting scheme as typed, frozen models: what a municipality asks of its counties."""

from schemas.models.areas import Areas
from schemas.models.codes import COUNTIES, UNITS, Code, CodeList, Unit
from schemas.models.consolidated import Line, MeasureGroup, Rank, Share
from schemas.models.form import PUBLISHED_BESIDE, Body, Form, FormerForm, Owed, form_fingerprint
from schemas.models.identifier import Identifier
from schemas.models.indicator import Indicator, InId, Kind
from schemas.models.org_unit import MUNICIPALITY, OrgUnit, county_codes
from schemas.models.rule import CODE, Relation, Rule, RuleFile
from schemas.models.scheme import PeriodEntry, Scheme

__all__ = [
    "CODE",
    "COUNTIES",
    "MUNICIPALITY",
    "PUBLISHED_BESIDE",
    "UNITS",
    "Areas",
    "Body",
    "Code",
    "CodeList",
    "Form",
    "FormerForm",
    "Identifier",
    "InId",
    "Indicator",
    "Kind",
    "Line",
    "MeasureGroup",
    "OrgUnit",
    "Owed",
    "PeriodEntry",
    "Rank",
    "Relation",
    "Rule",
    "RuleFile",
    "Scheme",
    "Share",
    "Unit",
    "county_codes",
    "form_fingerprint",
]
