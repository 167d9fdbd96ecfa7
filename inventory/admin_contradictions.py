"""The resolution list: what speaks against the books, and the page on which a person settles it."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from kernel.admin import ReadOnly
from kernel.errors import ApiError

from . import contradictions, documents, resolution, settlements
from .models import Contradiction, Movement, StockRoom, Store, Unit
from .settlements import Impossible

RESOLVE = "inventory.resolve_contradiction"
MAX_NUMBERS = 50

Facts = list[tuple[str, str]]


class SettledFilter(admin.SimpleListFilter):
    """Open ones unless others are asked for: it is a list of work."""

    title = gettext_lazy("settled")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Settled, or all; open is the choice without a value."""
        return [("yes", _("Settled")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        """Django's, with the first called by what it shows."""
        first, *rest = super().choices(changelist)
        return [first | {"display": _("Open")}, *rest]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """The contradictions of the choice."""
        if self.value() == "all":
            return queryset
        return queryset.filter(settled_at__isnull=self.value() != "yes")


class NumbersForm(forms.Form):
    """A form with a field of serial numbers, `numbers`."""

    def clean_numbers(self) -> list[str]:
        """Apart by spaces, commas or semicolons."""
        found = [code for code in re.split(r"[\s,;]+", self.cleaned_data["numbers"]) if code]
        if len(found) > MAX_NUMBERS:
            raise forms.ValidationError(_("At most %(max)s numbers.") % {"max": MAX_NUMBERS})
        return found


class SettleForm(NumbersForm):
    """How it is settled, and how the person knows."""

    settlement = forms.ChoiceField(label=gettext_lazy("How is it settled?"), choices=Contradiction.Settlement.choices)
    numbers = forms.CharField(
        label=gettext_lazy("Numbers of the right pieces"),
        help_text=gettext_lazy("Scan or type them, one after another."),
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("How do you know?"),
        max_length=resolution.MAX_REASON,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: QueryDict | None = None, *, looking: bool = False) -> None:
        super().__init__(data)
        # Looking at what it would do needs no reason yet.
        self.fields["reason"].required = not looking


@admin.register(Contradiction)
class ContradictionAdmin(ReadOnly, ModelAdmin):
    list_display = ("recorded_at", "kind", "message", "item", "store", "settled")
    list_filter = (SettledFilter, "type", "movement__store", "recorded_at")
    list_select_related = ("movement__store",)
    search_fields = ("message", "serial", "movement__item__sku", "movement__source_key")

    @display(description=gettext_lazy("type"), ordering="type")
    def kind(self, row: Contradiction) -> str:
        """What it is."""
        return str(row.get_type_display())

    @display(description=gettext_lazy("SKU"), ordering="movement__item")
    def item(self, row: Contradiction) -> str:
        """Of which article."""
        return row.movement.item_id

    @display(description=gettext_lazy("store"), ordering="movement__store")
    def store(self, row: Contradiction) -> Store:
        """Where it was booked."""
        return row.movement.store

    @display(description=gettext_lazy("settled"), ordering="settled_at")
    def settled(self, row: Contradiction) -> str:
        """How it was settled, if it was."""
        return str(row.get_settlement_display() or row.settled_by) if row.settled_at else "–"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The facts, the ways to settle it with what each does, and the choice."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if request.method == "POST":
            return self._post(request, row)
        return self._page(request, row, SettleForm())

    def _post(self, request: HttpRequest, row: Contradiction) -> HttpResponse:
        if not request.user.has_perm(RESOLVE):
            raise PermissionDenied
        looking = "look" in request.POST
        form = SettleForm(request.POST, looking=looking)
        if not form.is_valid():
            return self._page(request, row, form)
        chosen, numbers = form.cleaned_data["settlement"], form.cleaned_data["numbers"]
        if looking:
            return self._page(request, row, form, seen=_effect(row, chosen, numbers))
        try:
            resolution.settle(
                contradiction_id=row.pk,
                settlement=chosen,
                actor=f"admin:{request.user.pk}",
                reason=form.cleaned_data["reason"],
                serials=numbers if chosen == Contradiction.Settlement.NAME_UNITS else (),
            )
        except ApiError as refused:
            row.refresh_from_db()
            return self._page(request, row, form, refused=refused.message)
        messages.success(request, _("It is settled, and the books are right."))
        return HttpResponseRedirect(reverse("admin:inventory_contradiction_changelist"))

    def _page(self, request: HttpRequest, row: Contradiction, form: SettleForm, **context: Any) -> HttpResponse:
        may = request.user.has_perm(RESOLVE) and row.settled_at is None
        own = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": row.get_type_display(),
            "row": row,
            "facts": _facts(row),
            "document_link": _document_link(row),
            "unit": row.unit,
            "history": _history(row.unit) if row.unit_id else [],
            "places": _places(row),
            "settled": _settled(row),
            "may": may,
            "form": form,
            "ways": _ways(row) if may else [],
            "chosen": form.data.get("settlement", ""),
            **context,
        }
        status = 409 if context.get("refused") else 200
        return TemplateResponse(request, "inventory/contradiction.html", own, status=status)


def _ways(row: Contradiction) -> list[dict[str, Any]]:
    labels = dict(Contradiction.Settlement.choices)
    return [
        {
            "value": way,
            "label": labels[way],
            "needs_numbers": way == Contradiction.Settlement.NAME_UNITS,
            "effect": None if way == Contradiction.Settlement.NAME_UNITS else {"lines": contradictions.effect(made)},
        }
        for way, made in settlements.proposals(row).items()
    ]


def _effect(row: Contradiction, way: str, numbers: Sequence[str]) -> dict[str, Any]:
    """What the settlement would do, as lines of text; or why it cannot be."""
    try:
        made = settlements.plan(row, way, numbers)
    except Impossible as why:
        return {"refused": str(why)}
    except ApiError as refused:
        return {"refused": refused.message}
    return {"lines": contradictions.effect(made)}


def _facts(row: Contradiction) -> Facts:
    movement = Movement.objects.select_related("store", "room").get(pk=row.movement_id)
    document = documents.of(movement.source_key)
    title = document.title if document else movement.source_key
    facts = [
        (_("What happened"), f"{movement.get_kind_display()} {movement.quantity:+d} × {movement.item_id}"),
        (_("Where"), f"{movement.store}, {movement.room or StockRoom.Kind.FLOOR.label}"),
        (_("When"), str(localize(localtime(movement.occurred_at)))),
        (_("Who"), movement.actor),
        (_("Document"), title),
    ]
    if row.serial:
        facts.append((_("Number"), row.serial))
    if row.pieces:
        facts.append((_("Booked by quantity alone"), f"{row.pieces:+d}"))
    return facts


def _document_link(row: Contradiction) -> str:
    """The address of the document's screen; empty when it has none."""
    document = documents.of(row.movement.source_key)
    if document is None or not document.screen:
        return ""
    try:
        return reverse(document.screen, args=[document.pk])
    except NoReverseMatch:
        return ""


def _places(row: Contradiction) -> list[dict[str, Any]]:
    """The balances of both stores: where it was booked, and where the books have the piece."""
    own = (row.movement.store_id, row.movement.item_id)
    return [
        {"balance": balance, "booked_here": (balance.store_id, balance.item_id) == own}
        for balance in contradictions.balances(row, row.unit)
    ]


def _history(unit: Unit | None) -> list[Any]:
    return [] if unit is None else list(unit.links.select_related("movement__store").order_by("movement_id")[:50])


def _settled(row: Contradiction) -> Facts:
    if row.settled_at is None:
        return []
    facts = [
        (_("Settled as"), str(row.get_settlement_display() or "–")),
        (_("Reason"), row.settled_reason or "–"),
        (_("Settled by"), row.settled_by),
        (_("Settled at"), str(localize(localtime(row.settled_at)))),
    ]
    if row.settled_with:
        facts.append((_("Numbers named"), ", ".join(row.settled_with)))
    return facts
