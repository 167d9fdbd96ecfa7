"""Reports for managers: shrink and count accuracy with charts, and the differences that the proof finds."""

from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from unfold.widgets import UnfoldAdminSelectWidget

from kernel.charts import Chart

from . import exports, proof, stock_reports
from .models import Store
from .stock_reports import MONTHS, Scope

REPORT: Final = "inventory.view_movement"
PROOF: Final = "inventory.view_balance"
SHOWN: Final = 200

Table = tuple[list[str], list[list[Any]]]


class ScopeForm(forms.Form):
    """Which months, and which store."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__({"months": str(Scope().months), **data.dict()})
        stores = [("", _("All")), *Store.objects.order_by("name").values_list("pk", "name")]
        periods = [(str(months), _("Last %(months)s months") % {"months": months}) for months in MONTHS]
        self.fields["months"] = forms.ChoiceField(label=_("Period"), choices=periods, widget=UnfoldAdminSelectWidget)
        self.fields["store"] = forms.ChoiceField(
            label=_("Store"), choices=stores, required=False, widget=UnfoldAdminSelectWidget
        )

    @property
    def scope(self) -> Scope:
        """The scope chosen; what is not understood counts as not chosen, and the form says so."""
        self.is_valid()
        chosen = self.cleaned_data
        return Scope(int(chosen.get("months", Scope().months)), chosen.get("store", ""))


def shrink(request: HttpRequest) -> HttpResponse:
    """What was lost and found, by month, reason and store, and how right the books were."""
    _require(request, REPORT)
    form = ScopeForm(request.GET)
    scope = form.scope
    months, accurate = stock_reports.by_month(scope), stock_reports.accuracy(scope)
    lost, found = sum(line.lost for line in months), sum(line.found for line in months)
    query = urlencode({"months": scope.months, "store": scope.store_id})
    context = {
        **admin.site.each_context(request),
        "title": _("Shrink and count accuracy"),
        "form": form,
        "figures": [
            (_("Pieces lost"), number_format(lost, force_grouping=True)),
            (_("Pieces found"), number_format(found, force_grouping=True)),
            (_("Net"), number_format(found - lost, force_grouping=True)),
        ],
        "charts": [
            Chart(_("Pieces lost, by month"), [(line.name, line.lost) for line in months]),
            Chart(_("Pieces found, by month"), [(line.name, line.found) for line in months]),
            Chart(
                _("Books right at counts, percent"),
                [(line.name, line.percent) for line in accurate],
                at_least=100,
            ),
        ],
        "tables": [_shown(name, table(name, scope), query) for name in TABLES],
    }
    return TemplateResponse(request, "inventory/shrink.html", context)


def shrink_export(request: HttpRequest, name: str, kind: str) -> HttpResponseBase:
    """One of its tables as CSV or XLSX."""
    _require(request, REPORT)
    if name not in TABLES or kind not in exports.KINDS:
        raise Http404
    headings, rows = table(name, ScopeForm(request.GET).scope)
    return exports.respond(f"stock-{name}", kind, headings, rows)


def differences(request: HttpRequest) -> HttpResponse:
    """What the proof finds now."""
    _require(request, PROOF)
    found = proof.differences()
    context = {
        **admin.site.each_context(request),
        "title": _("Differences in the books"),
        "differences": found[:SHOWN],
        "count": len(found),
        "more": max(len(found) - SHOWN, 0),
    }
    return TemplateResponse(request, "inventory/differences.html", context)


def differences_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """All of them, as CSV or XLSX."""
    _require(request, PROOF)
    if kind not in exports.KINDS:
        raise Http404
    headings = [_("Store"), _("SKU"), _("Stock room"), _("Fact"), _("Balance"), _("Actual")]
    rows = ([row.store, row.sku, row.room, row.fact.value, row.balance, row.actual] for row in proof.differences())
    return exports.respond("stock-differences", kind, headings, rows)


TABLES: Final = ("months", "reasons", "stores", "accuracy")


def table(name: str, scope: Scope) -> Table:
    """Headings and rows of one table of the report."""
    if name == "accuracy":
        rows = [[line.name, line.corrected, line.on_hand, line.percent] for line in stock_reports.accuracy(scope)]
        return [_("Store"), _("Pieces corrected"), _("On hand"), _("Books right, percent")], rows
    first, lines = {
        "months": (_("Month"), stock_reports.by_month),
        "reasons": (_("Reason"), stock_reports.by_reason),
        "stores": (_("Store"), stock_reports.by_store),
    }[name]
    return [first, _("Lost"), _("Found"), _("Net")], list(_cells(lines(scope)))


def _cells(lines: Iterable[stock_reports.Line]) -> Iterable[list[Any]]:
    return ([line.name, line.lost, line.found, line.net] for line in lines)


def _shown(name: str, made: Table, query: str) -> dict[str, Any]:
    titles = {
        "months": _("By month"),
        "reasons": _("By reason"),
        "stores": _("By store"),
        "accuracy": _("Count accuracy by store"),
    }
    headings, rows = made
    files = [
        (kind.upper(), reverse("admin:inventory_shrink_export", args=[name, kind]) + f"?{query}")
        for kind in exports.KINDS
    ]
    return {"title": titles[name], "headings": headings, "rows": rows, "files": files}


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
