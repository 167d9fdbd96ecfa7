"""What the preview of the editor shows: the choice that is tried, what it costs and why, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.errors import ApiError, Message
from kernel.money import Money
from plugins.bundles import explaining
from plugins.bundles.admin_state import State, Trial
from plugins.bundles.drafting import Asked, Tried
from plugins.bundles.editor import Editor
from plugins.bundles.editor_fields import SALES_CHANNELS
from plugins.bundles.editor_values import Json
from plugins.bundles.eligibility import REASONS
from plugins.bundles.price_lines import FEES, BundlePrice, PriceLine
from plugins.bundles.selectors import Loaded

BUYER: Final[tuple[tuple[str, Message, str], ...]] = (
    ("salesChannel", gettext_lazy("Sales channel"), "choice"),
    ("store", gettext_lazy("Store"), "text"),
    ("city", gettext_lazy("City"), "text"),
    ("region", gettext_lazy("State or province"), "text"),
    ("segment", gettext_lazy("Segment"), "text"),
    ("creditClass", gettext_lazy("Credit class"), "text"),
    ("age", gettext_lazy("Age"), "number"),
    ("day", gettext_lazy("Day, empty for today"), "date"),
)
# The exit cost is told for so many months at most; between them it goes on as it does.
MONTHS_TOLD: Final = 13


class Page(Protocol):
    """The editor's page as the preview needs it."""

    state: State
    loaded: Loaded | None

    def try_out(self) -> tuple[Asked, Tried]: ...


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A line of the price with its steps."""

    name: str
    place: str
    today: Money
    monthly: Money
    day: str
    steps: list[tuple[str, Money]]


def shown_trial(page: Page, editor: Editor) -> dict[str, Any]:
    """The preview's part of the page."""
    trial = page.state.trial
    found: dict[str, Any] = {
        "trial": trial,
        "rows": _rows(trial, editor),
        "options": _options(editor),
        "terms": [str(one) for one in editor.document.get("terms") or [] if isinstance(one, int | str)],
        "buyer": _buyer(trial, editor),
        "may_try": page.loaded is not None,
    }
    if page.loaded is None:
        return found
    try:
        _asked, tried = page.try_out()
    except ApiError as refusal:
        return {**found, "trial_refused": str(refusal.message)}
    return {**found, "tried": _shown(tried, editor)}


def _options(editor: Editor) -> list[tuple[str, list[tuple[str, str]]]]:
    """All options by group, for the choice."""
    return [
        (
            editor.label(group),
            [
                (f"{group.get('code')}|{option.get('sku')}", editor.name(option.get("sku")))
                for option in group.get("options") or []
            ],
        )
        for group in editor.document.get("groups") or []
        if group.get("options")
    ]


def _rows(trial: Trial, editor: Editor) -> list[dict[str, Any]]:
    """Each line of the choice with the questions about it."""
    options: dict[str, Json] = {
        f"{group.get('code')}|{option.get('sku')}": option
        for group in editor.document.get("groups") or []
        for option in group.get("options") or []
    }
    repeated = _repeated(editor.document)
    return [
        {
            "row": row,
            "repeats": row.option.partition("|")[0] in repeated,
            "questions": _questions(options.get(row.option, {}), row.values, editor),
        }
        for row in trial.rows
    ]


def _repeated(document: Json) -> set[str]:
    """The codes of groups that repeat, or lie in one that does."""
    groups = {str(one.get("code")): one for one in document.get("groups") or []}
    found = {code for code, one in groups.items() if one.get("maximumInstances") not in (None, 1)}
    for _level in range(len(groups)):
        found |= {code for code, one in groups.items() if one.get("parent") in found}
    return found


def _questions(option: Json, values: Mapping[str, str], editor: Editor) -> list[tuple[str, str, str]]:
    asked = option.get("characteristics")
    return [
        (str(one.get("name")), editor.label({**one, "code": one.get("name")}), values.get(str(one.get("name")), ""))
        for one in (asked if isinstance(asked, list) else [])
        if isinstance(one, dict)
    ]


def _buyer(trial: Trial, editor: Editor) -> list[dict[str, Any]]:
    lists = {"store": "stores", "city": "cities", "region": "regions"}
    return [
        {
            "name": name,
            "label": label,
            "kind": kind,
            "value": trial.buyer.get(name, ""),
            "choices": SALES_CHANNELS if kind == "choice" else (),
            "known": editor.known.get(lists.get(name, ""), ()),
        }
        for name, label, kind in BUYER
    ]


def _shown(tried: Tried, editor: Editor) -> dict[str, Any]:
    judged = tried.judged
    shown: dict[str, Any] = {
        "valid": not tried.codes,
        "violations": judged.violations,
        "kept_from": REASONS.get(tried.kept_from, ""),
        "no_price": tried.no_price,
        "promise": date_format(judged.promise_date) if judged.promise_date else "",
    }
    if tried.price is None or not tried.price.lines:
        return shown
    price = tried.price
    bill = price.first_bill
    days = {(line.group, line.instance, line.sku): line.available_from for line in judged.lines}
    exits = price.exit_table
    dearest = max((one.total.amount for one in exits), default=0)
    return {
        **shown,
        "due_today": price.due_today,
        "monthly": price.monthly,
        "total": price.total_over_term,
        "term": price.context.term,
        "deposits": price.deposits if price.deposits.amount else None,
        "lines": [_line(line, price, days.get(line.key), editor) for line in price.lines],
        "bill": bill,
        "bill_date": date_format(bill.date),
        "part": bill.days != bill.of_days,
        "exits": [
            {
                "month": one.month,
                "total": one.total,
                "lost": one.lost if one.lost.amount else None,
                "width": int(max(one.total.amount, 0) * 100 / dearest) if dearest > 0 else 0,
                "parts": [(explaining.exit_part(rule), amount) for rule, amount in one.parts],
            }
            for one in _told(exits)
        ],
    }


def _told(exits: list[Any]) -> list[Any]:
    """Month 0, the last, and months evenly between them."""
    step = max(1, -(-(len(exits) - 1) // (MONTHS_TOLD - 1)))
    chosen = {*range(0, len(exits), step), len(exits) - 1}
    return [one for number, one in enumerate(exits) if number in chosen]


def _line(line: PriceLine, price: BundlePrice, day: Any, editor: Editor) -> PriceRow:
    instalment = price.instalment(line)
    recurring = price.recurring(line)
    place = "" if line.group == FEES else _place(line, editor)
    return PriceRow(
        name=_("Fee") if line.group == FEES else line.name or line.sku,
        place=place,
        today=line.due_today,
        monthly=recurring + instalment if instalment is not None else recurring,
        day=date_format(day) if day is not None else "",
        steps=[(explaining.label(step), step.amount) for step in line.explanation()],
    )


def _place(line: PriceLine, editor: Editor) -> str:
    groups = editor.document.get("groups") or []
    label = next((editor.label(one) for one in groups if one.get("code") == line.group), line.group)
    return f"{label} {line.instance}" if line.group in _repeated(editor.document) else label
