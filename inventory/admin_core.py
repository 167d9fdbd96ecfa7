"""The list of differences with the core, and the page on which a person settles one."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from commerce.errors import CoreUnavailable
from kernel.admin import ReadOnly
from kernel.errors import ApiError

from . import core_differences
from .admin_contradictions import NumbersForm, SettledFilter
from .models import Balance, CoreDifference, CoreOrder

SETTLE = "inventory.settle_core_difference"
# Other stores that could help out.
STORES_SHOWN = 5


class SettleForm(NumbersForm):
    """How it is settled, with the numbers of pieces that went."""

    settlement = forms.ChoiceField(label=gettext_lazy("How is it settled?"), choices=CoreDifference.Settlement.choices)
    numbers = forms.CharField(
        label=gettext_lazy("Numbers of the pieces that went"),
        help_text=gettext_lazy("Scan or type them, one after another."),
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(
        label=gettext_lazy("How do you know?"),
        max_length=200,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )


@admin.register(CoreDifference)
class CoreDifferenceAdmin(ReadOnly, ModelAdmin):
    list_display = ("detected_at", "kind_name", "item", "store", "pieces", "order", "settled")
    list_filter = (SettledFilter, "kind", "store", "detected_at")
    list_select_related = ("store", "order")
    search_fields = ("item__sku", "order__number")

    @display(description=gettext_lazy("kind"), ordering="kind")
    def kind_name(self, row: CoreDifference) -> str:
        """What it is."""
        return str(row.get_kind_display())

    @display(description=gettext_lazy("settled"), ordering="settled_at")
    def settled(self, row: CoreDifference) -> str:
        """How it was settled, if it was."""
        return str(row.get_settlement_display()) if row.settled_at else "–"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The facts, who else has the article, and the ways to settle it."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if request.method == "POST":
            return self._post(request, row)
        return self._page(request, row, SettleForm())

    def _post(self, request: HttpRequest, row: CoreDifference) -> HttpResponse:
        if not request.user.has_perm(SETTLE):
            raise PermissionDenied
        form = SettleForm(request.POST)
        if not form.is_valid():
            return self._page(request, row, form)
        try:
            core_differences.settle(
                difference_id=row.pk,
                settlement=form.cleaned_data["settlement"],
                actor=f"admin:{request.user.pk}",
                note=form.cleaned_data["note"],
                serials=form.cleaned_data["numbers"],
            )
        except ApiError as refused:
            row.refresh_from_db()
            return self._page(request, row, form, refused=refused.message)
        except CoreUnavailable:
            away = _("The commerce core does not answer now. Nothing was changed: please try again.")
            return self._page(request, row, form, refused=away)
        messages.success(request, _("It is settled."))
        return HttpResponseRedirect(reverse("admin:inventory_coredifference_changelist"))

    def _page(self, request: HttpRequest, row: CoreDifference, form: SettleForm, refused: object = "") -> HttpResponse:
        may = request.user.has_perm(SETTLE) and row.settled_at is None
        own = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": row.get_kind_display(),
            "row": row,
            "facts": _facts(row),
            "others": _others(row) if row.kind == CoreDifference.Kind.OVERSOLD else [],
            "settled": _settled(row),
            "may": may,
            "form": form,
            "ways": [(way, way.label) for way in core_differences.ways(row)] if may else [],
            "chosen": form.data.get("settlement", "") if isinstance(form.data, QueryDict) else "",
            "refused": refused,
        }
        return TemplateResponse(request, "inventory/core_difference.html", own, status=409 if refused else 200)


@admin.register(CoreOrder)
class CoreOrderAdmin(ReadOnly, ModelAdmin):
    list_display = ("number", "channel", "status", "seen_at", "looked_at")
    list_filter = ("status", "channel", "seen_at")
    search_fields = ("number", "core_id")


def _facts(row: CoreDifference) -> list[tuple[str, str]]:
    balance = Balance.objects.filter(store=row.store, item=row.item).first()
    facts = [(_("Store"), str(row.store)), (_("SKU"), row.item_id), (_("Pieces"), f"{row.pieces:+d}")]
    if row.kind == CoreDifference.Kind.EDITED:
        facts += [(_("The core was told"), str(row.told)), (_("Found in the core"), str(row.found))]
    if row.order is not None:
        facts.append((_("Order in the core"), f"{row.order.number} ({row.order.channel}, {row.order.status})"))
    if row.by:
        facts.append((_("Changed by"), row.by))
    if balance is not None:
        facts += [(_("On hand"), str(balance.on_hand)), (_("Reserved"), str(balance.reserved))]
    facts.append((_("Detected at"), localize(localtime(row.detected_at))))
    return facts


def _others(row: CoreDifference) -> list[Balance]:
    """Stores from which the missing pieces could be brought, those with most first."""
    rows = Balance.objects.filter(item=row.item).exclude(store=row.store).select_related("store")
    able = [balance for balance in rows if balance.on_hand - balance.unsellable - balance.reserved - balance.safety > 0]
    return sorted(able, key=lambda balance: balance.reserved + balance.safety - balance.on_hand)[:STORES_SHOWN]


def _settled(row: CoreDifference) -> list[tuple[str, str]]:
    if row.settled_at is None:
        return []
    facts = [(_("Settled"), str(row.get_settlement_display())), (_("Settled by"), row.settled_by)]
    facts.append((_("Settled at"), localize(localtime(row.settled_at))))
    return [*facts, (_("Note"), row.note)] if row.note else facts
