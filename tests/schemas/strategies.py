"""Forms, and lines that they may hold, drawn at random."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from schemas.consolidated.measures import PERCENT
from schemas.language.expression import Value
from schemas.models import UNITS, Body, Form, Indicator, Kind, Line, Owed, Scheme
from schemas.text import Language, Text

WORDS = st.text("上庄村一二三ABCxyz0123456789", min_size=1, max_size=12)
KEYS = WORDS.map(lambda word: f"编{word}")
ID_NUMBERS = st.from_regex(r"[0-9]{17}[0-9X]", fullmatch=True)
LANGUAGES: st.SearchStrategy[Language] = st.sampled_from(["zh", "en"])
DAYS = st.dates(date(1990, 1, 1), date(2020, 12, 31))


def numbers(indicator: Indicator) -> st.SearchStrategy[Decimal]:
    places = indicator.decimals if indicator.kind == "decimal" else 0
    drawn = st.integers(-(10**7), 10**7).map(lambda number: Decimal(number).scaleb(-places))
    if indicator.unit == PERCENT:  # what may be a share of one is asked about, not read
        return drawn.filter(lambda number: number == 0 or abs(number) > 1)
    return drawn


def values(indicator: Indicator, scheme: Scheme) -> st.SearchStrategy[Value | None]:
    match indicator.kind:
        case "integer" | "decimal":
            found: st.SearchStrategy[Value] = numbers(indicator)
        case "date":
            found = DAYS
        case "code":
            found = st.sampled_from([code.code for code in scheme.codes(indicator).codes])
        case "text":
            found = ID_NUMBERS if indicator.format == "id_number" else KEYS
    return found if indicator.key else st.none() | found


def lines_of(form: Form, scheme: Scheme) -> st.SearchStrategy[list[dict[str, Value | None]]]:
    line = st.fixed_dictionaries(
        {i.name: values(i, scheme) for i in form.indicators if i.computed is None}
    )
    if form.body == "fixed":
        by = form.fixed_by or ""
        codes = [code.code for code in scheme.codes(form[by]).codes]
        return st.tuples(*[line.map(_with(by, code)) for code in codes]).map(list)
    return st.lists(line, min_size=1, max_size=1 if form.body == "single" else 4)


def _with(name: str, value: str) -> Callable[[dict[str, Value | None]], dict[str, Value | None]]:
    return lambda line: {**line, name: value}


def stated(form: Form, lines: list[dict[str, Value | None]]) -> bool:
    """Whether a form is not blank but for what is printed on it; a lone cell makes no line."""
    open_columns = [i.name for i in form.indicators if not i.computed and i.name != form.fixed_by]
    rows = [[line[name] for name in open_columns] for line in lines]
    least = 2 if form.body == "list" else 1
    filled = [sum(value is not None for value in row) >= least for row in rows]
    return any(filled) if form.body == "fixed" else all(filled)


# --- forms ---------------------------------------------------------------------------------------

_BODIES: tuple[Body, ...] = ("single", "fixed", "list")
_KINDS: tuple[Kind, ...] = ("integer", "decimal", "decimal", "date", "code", "text")
_GROUPS = (None, Text(zh="本年", en="This year"), Text(zh="其中", en="Of which"))


@st.composite
def forms(draw: st.DrawFn, scheme: Scheme) -> Form:
    """A form of any kind, with columns of any kind, computed ones among them."""
    body = draw(st.sampled_from(_BODIES))
    first = [] if body == "single" else [draw(_keys(scheme, fixed=body == "fixed"))]
    indicators = list(first)
    for number in range(draw(st.integers(2, 7))):
        indicators.append(draw(_columns(scheme, number, indicators)))
    fixed_by = first[0].name if body == "fixed" else None
    title = draw(st.sampled_from("春夏秋冬"))
    return Form(
        code="R99",
        name="drawn",
        document_no="试99表",
        title=Text(zh=f"{title}季试填表", en=f"Trial form {title}"),
        body=body,
        fixed_by=fixed_by,
        frequency=("year",),
        owed=(Owed(group="all", since="2015"),),
        line=Line(name="lines", label=Text(zh="行数", en="Lines"), unit="count"),
        indicators=tuple(indicators),
        consolidated=(),
        notes=(Text(zh="试填。", en="A trial."),) * draw(st.integers(0, 2)),
    )


def _lists(scheme: Scheme) -> list[str]:
    """The code lists whose entries are told apart by their labels: of units several are 项."""
    return sorted(scheme.code_lists.keys() - {UNITS})


def _keys(scheme: Scheme, *, fixed: bool) -> st.SearchStrategy[Indicator]:
    label = Text(zh="项目", en="Item")
    if not fixed:
        return st.just(Indicator(name="item", label=label, kind="text", key=True))
    return st.sampled_from(_lists(scheme)).map(
        lambda codes: Indicator(name="item", label=label, kind="code", code_list=codes, key=True)
    )


@st.composite
def _columns(draw: st.DrawFn, scheme: Scheme, number: int, before: list[Indicator]) -> Indicator:
    kind = draw(st.sampled_from(_KINDS))
    numeric = kind in ("integer", "decimal")
    operands = [i.name for i in before if i.numeric and i.computed is None]
    computed = None
    if numeric and operands and draw(st.booleans()):
        computed = f" {draw(st.sampled_from('+-*/'))} ".join(
            draw(st.lists(st.sampled_from(operands), min_size=2, max_size=2))
        )
    return Indicator(
        name=f"column_{number}",
        label=Text(zh=f"栏目{'甲乙丙丁戊己庚'[number]}", en=f"Column {'abcdefg'[number]}"),
        kind=kind,
        unit=draw(st.sampled_from(sorted(scheme.units))) if numeric else None,
        decimals=draw(st.integers(1, 4)) if kind == "decimal" else 0,
        code_list=draw(st.sampled_from(_lists(scheme))) if kind == "code" else None,
        required=draw(st.booleans()),
        computed=computed,
        aggregation="sum" if numeric and computed is None and draw(st.booleans()) else "none",
        group=draw(st.sampled_from(_GROUPS)),
        format="id_number" if kind == "text" and draw(st.booleans()) else None,
    )
