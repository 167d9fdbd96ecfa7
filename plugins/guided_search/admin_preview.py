"""The page "Search preview": a search as a customer would see it, with what merchandising did to it and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from inventory import live as inventory
from kernel.errors import ApiError
from kernel.money import Money
from plugins.catalogue import selectors as catalogue
from plugins.catalogue.labels import is_chinese
from plugins.catalogue.models import Channel, Product, SalesChannel
from plugins.catalogue.selectors import ProductSet
from plugins.guided_search import address, permissions, preview
from plugins.guided_search.address import AT_ADDRESS
from plugins.guided_search.engine import Boost
from plugins.guided_search.facets import Refinement
from plugins.guided_search.presentation import Labels
from plugins.guided_search.preview import Line, Preview
from plugins.guided_search.scoring import Part
from plugins.guided_search.selectors import MAX_TEXT, REACH_KM, Search, Sort
from plugins.guided_search.stock import IN_STORE
from plugins.merchandising.models import Rule
from plugins.merchandising.rules import Reason, Trace

# Rules that did not fire, of which there may be thousands.
RULES_LISTED = 50
VALUES_LISTED = 12
ADDRESSES_LISTED = 6
PAGE = "admin:search_preview"

SEGMENTS: Final = (
    ("guest", gettext_lazy("Guest")),
    ("shopper", gettext_lazy("Signed-in shopper")),
    ("staff", gettext_lazy("Store staff")),
)
SORTS: Final = (
    (Sort.RELEVANCE, gettext_lazy("Best match")),
    (Sort.PRICE_ASC, gettext_lazy("Price, low to high")),
    (Sort.PRICE_DESC, gettext_lazy("Price, high to low")),
    (Sort.NEWEST, gettext_lazy("Newest")),
    (Sort.NAME, gettext_lazy("Name")),
    (Sort.BEST_SELLING, gettext_lazy("Best-selling")),
    (Sort.MONTHLY_PRICE_ASC, gettext_lazy("Price a month, low to high")),
)
# What the engine calls the parts of a score beside the words.
_PARTS: Final = {
    "name": gettext_lazy("Share of the name that was typed"),
    "phrase": gettext_lazy("Words side by side as typed"),
    "kind ×": gettext_lazy("Kind of product"),
}
_NEED = "need: "


class PreviewForm(forms.Form):
    """Who searches for what, where and when."""

    def __init__(self, data: QueryDict, channels: Sequence[Channel]) -> None:
        super().__init__({"channel": channels[0].slug, **_DEFAULTS, **data.dict()})
        stores = sorted((store.name, store.pk) for store in inventory.stores())
        text = forms.CharField(label=_("Search"), required=False, max_length=MAX_TEXT)
        text.widget = UnfoldAdminTextInputWidget(attrs={"type": "search", "maxlength": MAX_TEXT, "autocomplete": "off"})
        self.fields["text"] = text
        self.fields["channel"] = _choice(_("Sales channel of the core"), [(row.slug, row.name) for row in channels])
        self.fields["language"] = _choice(_("Language"), [("en", _("English")), ("zh-hans", _("Simplified Chinese"))])
        none = ("", _("None chosen"))
        self.fields["store"] = _choice(_("Store"), [none, *((pk, name) for name, pk in stores)], required=False)
        nearby = [("", _("That store")), ("1", _("Within %(km)g km") % {"km": REACH_KM})]
        self.fields["nearby"] = _choice(_("Stock of"), nearby, required=False)
        place = forms.CharField(label=_("Address"), required=False, max_length=MAX_TEXT)
        place.widget = UnfoldAdminTextInputWidget(attrs={"maxlength": MAX_TEXT, "autocomplete": "off"})
        self.fields["address"] = place
        self.fields["sales_channel"] = _choice(_("Sales channel"), list(SalesChannel.choices))
        self.fields["segment"] = _choice(_("Customer"), list(SEGMENTS))
        self.fields["sort"] = _choice(_("Sort by"), [(sort.value, words) for sort, words in SORTS])
        moment = forms.DateTimeField(label=_("Moment (UTC), empty for now"), required=False)
        moment.widget = UnfoldAdminTextInputWidget(attrs={"type": "datetime-local", "step": "60"})
        self.fields["at"] = moment

        self.premises: Sequence[tuple[str, str]] = ()

    def clean_address(self) -> str:
        """The premises that may be meant, the one chosen before first."""
        typed: str = self.cleaned_data["address"]
        if typed:
            try:
                self.premises = address.find(typed, ADDRESSES_LISTED)
            except ApiError as refused:
                raise forms.ValidationError(refused.message) from None
            if not self.premises:
                raise forms.ValidationError(_("No known address begins so. Write the house number and the street."))
        chosen = self.data.get("premises")
        self.premises = sorted(self.premises, key=lambda one: one[0] != chosen)
        return typed

    def search(self, channels: Sequence[Channel], refinements: Sequence[Refinement]) -> Search:
        """The search that a valid form asks for."""
        chosen = self.cleaned_data
        stores = {store.pk: store for store in inventory.stores()} if chosen["nearby"] else {}
        return Search(
            channel=next(row for row in channels if row.slug == chosen["channel"]),
            text=chosen["text"],
            refinements=tuple(refinements),
            store_id=chosen["store"] or None,
            near=stores[chosen["store"]].point() if chosen["store"] in stores else None,
            premises_id=self.premises[0][0] if self.premises else None,
            sort=Sort(chosen["sort"]),
            language=chosen["language"],
            sales_channel=chosen["sales_channel"],
            segment=chosen["segment"],
            at=chosen["at"],
        )


_DEFAULTS: Final = {"language": "en", "sales_channel": "WEB", "segment": "guest", "sort": "RELEVANCE"}


def _choice(label: str, choices: list[tuple[str, Any]], *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=required, widget=UnfoldAdminSelectWidget)


@dataclass(frozen=True, slots=True)
class Address:
    """This page's address with something else in it."""

    asked: QueryDict

    def with_(self, **changed: str) -> str:
        """With these parameters; an empty one is left out."""
        query = self.asked.copy()
        for name, value in changed.items():
            query[name] = value
            if not value:
                del query[name]
        return self._address(query)

    def toggled(self, dimension: str, value: str) -> str:
        """With a value chosen, or no longer."""
        query = self.asked.copy()
        chosen, own = query.getlist("r"), f"{dimension}={value}"
        query.setlist("r", [item for item in chosen if item != own] if own in chosen else [*chosen, own])
        query.pop("explain", None)
        return self._address(query)

    def _address(self, query: QueryDict) -> str:
        return f"{reverse(PAGE)}?{query.urlencode()}"


@dataclass(frozen=True, slots=True)
class Item:
    """A product as shown."""

    id: str
    name: str
    price: Money | None
    picture: str
    link: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A line of the result."""

    place: int
    item: Item
    score: float
    # What the rules did to it: (words, kind of label).
    marks: list[tuple[str, str]]
    moved: str
    why: "ShownWhy | None"


@dataclass(frozen=True, slots=True)
class ShownWhy:
    """The parts of a score as lines of (what, how much); `note` says what cannot be told in parts."""

    item: Item | None
    parts: list[tuple[str, str]] = field(default_factory=list)
    total: str = ""
    note: str = ""


def page(request: HttpRequest) -> HttpResponse:
    """The page; reads alone, so that its address can be kept and passed on."""
    if not any(request.user.has_perm(name) for name in permissions.PREVIEW):
        raise PermissionDenied
    channels = catalogue.channels()
    context: dict[str, Any] = {**admin.site.each_context(request), "title": _("Search preview"), "channels": channels}
    if channels:
        form = PreviewForm(request.GET, channels)
        context |= {"form": form, "chosen": request.GET.getlist("r"), "rule": request.GET.get("rule", "")}
        if form.is_valid():
            context |= _result(request, form, channels)
    return TemplateResponse(request, "guided_search/preview.html", context)


def _result(request: HttpRequest, form: PreviewForm, channels: Sequence[Channel]) -> dict[str, Any]:
    question = form.search(channels, _refinements(request.GET.getlist("r")))
    try:
        seen = preview.preview(question, explain=request.GET.get("explain", ""))
    except ApiError as error:
        return {"refused": error.message, "plain": Address(request.GET.copy()).with_(r="", explain="")}
    page = _Page(request, question, seen)
    return page.context() | {
        "premises_id": form.premises[0][0] if form.premises else "",
        "premises": form.premises[0][1] if form.premises else "",
        "other_premises": [(label, page.address.with_(premises=code)) for code, label in form.premises[1:]],
    }


def _refinements(chosen: Iterable[str]) -> list[Refinement]:
    """What is chosen, "dimension=value" each, as one choice a dimension."""
    values: dict[str, list[str]] = {}
    for item in chosen:
        dimension, _equals, value = item.partition("=")
        values.setdefault(dimension, []).append(value)
    return [Refinement(dimension, tuple(dict.fromkeys(own))) for dimension, own in values.items()]


class _Page:
    """A preview put into words, with the products and rules that it speaks of."""

    def __init__(self, request: HttpRequest, question: Search, seen: Preview) -> None:
        self.request, self.question, self.seen = request, question, seen
        self.address = Address(request.GET)
        self.labels = Labels(question.channel, seen.found.ready, question.language, seen.found.place.store_name)
        rows = catalogue.products_by_ids(preview.product_ids(seen), question.channel)
        self.products = ProductSet(rows, question.channel)
        self.items = {row.pk: self._item(row) for row in rows}

    def context(self) -> dict[str, Any]:
        """What the template shows."""
        seen, found = self.seen, self.seen.found
        fired = [trace for trace in seen.traces if trace.fired]
        idle = [trace for trace in seen.traces if not trace.fired]
        wanted = self.request.GET.get("rule", "")
        # The rule that one comes from is told first.
        idle = sorted(idle, key=lambda trace: trace.rule != wanted)
        known = self._rules([*fired, *idle[:RULES_LISTED]])
        return {
            "seen": seen,
            "total": found.page.total,
            "products_in_index": len(found.index.rows),
            "correction": found.page.correction,
            "dropped": ", ".join(f"“{word}”" for word in found.page.correction.dropped)
            if found.page.correction
            else "",
            "redirect": found.fired.redirect,
            "chips": [
                (self.labels.dimension(dimension), label, self.address.toggled(dimension, value))
                for dimension, value, label in self.labels.breadcrumbs(self.question.refinements)
            ],
            "rows": self._rows(),
            "hidden": [(self.items[key], place) for key, place in seen.hidden if key in self.items],
            "outside": self._why() if seen.why and seen.why.explanation.place is None else None,
            "fired": [(known.get(trace.rule), trace, said(trace.reason)) for trace in fired],
            "idle": [(known.get(trace.rule), trace, said(trace.reason)) for trace in idle[:RULES_LISTED]],
            "wanted_is_idle": any(trace.rule == wanted for trace in idle),
            "more_idle": max(0, len(idle) - RULES_LISTED),
            "dimensions": [self._dimension(line) for line in seen.shown],
            "withheld": [(self.labels.dimension(line.name), said(line.reason)) for line in seen.withheld],
            "spotlights": [
                (
                    (spot.title_zh if is_chinese(self.question.language) else "") or spot.title_en,
                    spot.rule,
                    [self.items[key] for key in ids if key in self.items],
                )
                for spot, ids in seen.spotlights
            ],
            "values_listed": VALUES_LISTED,
        }

    def _item(self, row: Product) -> Item:
        return Item(
            id=row.pk,
            name=row.full_name_in(self.question.language),
            price=self.products.price(row),
            picture=row.thumbnail_url,
            link=self.address.with_(explain=row.pk) + f"#why-{row.pk}",
        )

    def _rules(self, traces: Iterable[Trace]) -> dict[str, Rule]:
        found = Rule.objects.filter(code__in=[trace.rule for trace in traces])
        return {rule.code: rule for rule in found.only("pk", "code", "name", "kind")}

    def _rows(self) -> list[ShownRow]:
        why = self.seen.why
        return [
            ShownRow(
                place=row.place,
                item=self.items[row.product_id],
                score=round(row.score, 1),
                marks=[*_pin(row.pinned_at), *(self._boost(boost, row.product_id) for boost in row.boosts)],
                moved=_moved(row) if self.seen.changes else "",
                why=self._why() if why is not None and why.product_id == row.product_id else None,
            )
            for row in self.seen.rows
            # What left the catalogue within the last second cannot be shown.
            if row.product_id in self.items
        ]

    def _why(self) -> ShownWhy:
        why = self.seen.why
        assert why is not None
        item, told = self.items.get(why.product_id), why.explanation
        if told.place is None:
            return ShownWhy(item, note=_("It is not in the result: it lacks a word or a choice, or a rule hides it."))
        note = (
            ""
            if self.question.sort is Sort.RELEVANCE
            else _("Another order is chosen: the score decides between equals.")
        )
        if not told.parts:
            return ShownWhy(item, total=f"{told.score:.2f}", note=note or self._without_parts())
        lines = [(self._part(part), f"{part.points:+.2f}") for part in told.parts[:-1] if part.points]
        lines.append((self._part(told.parts[-1]), f"× {told.parts[-1].points:g}"))
        if why.popularity != 1:
            lines.append((_("Opened often"), f"× {why.popularity:.3f}"))
        lines += [(self._rule(boost, why.product_id), f"× {boost.factor:g}") for boost in told.boosts]
        return ShownWhy(item, lines, f"{told.score:.2f}", note)

    def _rule(self, boost: Boost, product_id: str) -> str:
        because = self._because(boost, product_id)
        facts = {"rule": boost.rule, "because": because}
        return _("Rule %(rule)s: %(because)s") % facts if because else _("Rule %(rule)s") % facts

    def _boost(self, boost: Boost, product_id: str) -> tuple[str, str]:
        because = self._because(boost, product_id)
        facts = {"factor": f"{boost.factor:g}", "because": f": {because}" if because else ""}
        return (
            (_("Boosted × %(factor)s%(because)s") % facts, "success")
            if boost.factor > 1
            else (_("Buried × %(factor)s%(because)s") % facts, "warning")
        )

    def _because(self, boost: Boost, product_id: str) -> str:
        """The conditions that the product meets; none for one that is named."""
        if product_id in boost.products:
            return ""
        told = []
        for condition in boost.conditions:
            values = " / ".join(label for _dimension, _value, label in self.labels.breadcrumbs([condition]))
            by_itself = condition.dimension in (IN_STORE, AT_ADDRESS)
            told.append(values if by_itself else f"{self.labels.dimension(condition.dimension)}: {values}")
        return "; ".join(told)

    def _without_parts(self) -> str:
        if not self.question.text.strip():
            return _("Nothing was typed: products stand by kind, popularity and rules, then the newest first.")
        return _("A number or SKU was typed: this product has it, or a rule put it there.")

    def _part(self, part: Part) -> str:
        if part.what.startswith(_NEED):
            return _("Serves the wish: %(dimension)s") % {
                "dimension": self.labels.dimension(part.what.removeprefix(_NEED))
            }
        return str(_PARTS.get(part.what, part.what))

    def _dimension(self, line: Line) -> tuple[str, str, list[tuple[str, int, bool, str]], int]:
        """Its name, the reason, its values as (name, count, chosen, address), and how many more there are."""
        assert line.facet is not None
        values = self.labels.arranged(line.facet)
        limit = self.labels.values_shown(line.name) or VALUES_LISTED
        listed = [
            (label, value.count, value.selected, self.address.toggled(line.name, value.value))
            for number, (value, label) in enumerate(values)
            if number < limit or value.selected
        ]
        return self.labels.dimension(line.name), said(line.reason), listed, len(values) - len(listed)


def said(reason: Reason) -> str:
    """A reason in the reader's language."""
    return gettext(reason.sentence) % reason.facts


def _pin(place: int | None) -> list[tuple[str, str]]:
    return [] if place is None else [(_("Pinned at %(place)s") % {"place": place}, "info")]


def _moved(row: preview.Row) -> str:
    if row.before is None:
        return _("not found without rules")
    if row.before == row.place:
        return ""
    facts = {"place": row.before}
    return _("↑ from %(place)s") % facts if row.before > row.place else _("↓ from %(place)s") % facts
