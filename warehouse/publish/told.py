"""A finding in the words of an edition: where it is, what is wrong, and what to do about it."""

from dataclasses import dataclass
from decimal import Decimal

from schemas import causes, messages
from schemas.models import Form
from warehouse.consolidation.contents import FiledFinding
from warehouse.publish.edition import Edition
from warehouse.publish.figures import shortened

_CELLS_SHOWN = 2
_LONGEST_CELL = 32_000  # characters; a cell of Excel holds few more


@dataclass(frozen=True)
class Told:
    """A finding as an edition tells it."""

    edition: Edition
    filed: FiledFinding

    @property
    def form(self) -> Form | None:
        """The form it is about; None when it is about the whole file."""
        form = self.filed.finding.form
        return None if form is None else self.edition.contents.scheme.form(form)

    @property
    def column(self) -> str:
        """The label of the column it is about, empty where there is none."""
        form, name = self.form, self.filed.finding.indicator
        if form is None or name is None or name not in form.by_name:
            return ""
        return form[name].label.in_(self.edition.language)

    @property
    def county(self) -> str:
        """The county it is about, or words that say it could not be told."""
        code = self.filed.finding.county
        if code is None:
            return self.edition.words("all_files")
        return self.edition.name(self.edition.contents.scheme.county(code))

    @property
    def sheets(self) -> str:
        """The sheet of its cells; the first and their number, of several."""
        sheets = list(dict.fromkeys(cell.sheet for cell in self.filed.finding.cells))
        if len(sheets) <= 1:
            return "".join(sheets)
        return self.edition.words("and_more_sheets", sheet=sheets[0], count=len(sheets))

    @property
    def cells(self) -> str:
        """The addresses of its cells; the first ones and their number, of many."""
        finding = self.filed.finding
        cells, count = finding.each_area, sum(1 for _ in finding.every_cell)
        several = len({cell.sheet for cell in cells}) > 1 or any(":" in str(c) for c in cells[:1])
        shown = cells[:1] if several else cells[:_CELLS_SHOWN]
        listed = self.edition.words.listed(cell.address for cell in shown)
        if len(cells) == len(shown):
            return listed
        return self.edition.words("and_more_cells", cells=listed, count=count)

    @property
    def all_cells(self) -> str:
        """The addresses of all its cells, as many as a cell of a list can hold."""
        finding = self.filed.finding
        return shortened("; ".join(map(str, finding.areas or finding.cells)), _LONGEST_CELL)

    @property
    def fact(self) -> str:
        """What is wrong, with the numbers."""
        return messages.fact(self.filed.finding, self.edition.language)

    @property
    def diagnosis(self) -> str:
        """What it probably comes from; empty where nothing can be said."""
        return causes.diagnosis(self.filed.finding, self.edition.language)

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return messages.remedy(self.filed.finding, self.edition.language)

    @property
    def rule(self) -> str:
        """What should hold, in words, with its id; of what is no check the name of the finding."""
        rule, statements = self.filed.finding.rule, self.edition.statements
        if rule is None or rule not in statements:
            return messages.name(self.filed.finding, self.edition.language)
        return f"{statements[rule]} ({rule})"

    @property
    def gravity(self) -> str:
        """How grave it is, in words, or that its rule is on trial."""
        if self.filed.finding.trial:
            return self.edition.words("severity_trial")
        return self.edition.words.severity(self.filed.finding.severity)

    @property
    def age(self) -> Decimal | None:
        """For how many days it has stood; None where it is about a return that did not come."""
        since = self.filed.since
        return None if since is None else Decimal((self.edition.contents.as_of - since).days)

    @property
    def columns(self) -> dict[str, str]:
        """What every list of findings says of it, by the name of the column."""
        return {
            "sheet": self.sheets,
            "cell": self.cells,
            "column": self.column,
            "fact": self.fact,
            "diagnosis": self.diagnosis,
            "remedy": self.remedy,
        }

    @property
    def copy_path(self) -> str | None:
        """Where the marked copy of its file lies; None where there is none."""
        county = self.filed.finding.county
        if county is None or self.filed.sha256 is None:
            return None
        return self.edition.copy_paths.get((county, self.filed.sha256))
