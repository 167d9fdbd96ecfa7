"""The page of search reports. It stands where the list of the sums would be: single rows are nobody's to see, since a
rare text in them could be somebody's."""

from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget

from kernel.admin import ReadOnly
from kernel.charts import Chart
from plugins.catalogue import selectors as catalogue
from plugins.search_log import exports, reports
from plugins.search_log.models import SalesChannel, SearchCount
from plugins.search_log.reports import PERIODS, Figures, Scope

LISTED = 20


class ScopeForm(forms.Form):
    """Which searches the page is about."""

    def __init__(self, data: QueryDict) -> None:
        super().__init__({"days": str(Scope().days), **data.dict()})
        every = ("", _("All"))
        channels = [(channel.slug, channel.name) for channel in catalogue.channels()]
        periods = [(str(days), _("Last %(days)s days") % {"days": days}) for days in PERIODS]
        self.fields["days"] = _choice(_("Period"), periods, required=True)
        self.fields["channel"] = _choice(_("Sales channel of the core"), [every, *channels])
        self.fields["sales_channel"] = _choice(_("Sales channel"), [every, *SalesChannel.choices])

    @property
    def scope(self) -> Scope:
        """The scope chosen; what is not understood counts as not chosen, and the form says so."""
        self.is_valid()
        chosen = self.cleaned_data
        return Scope(
            days=int(chosen.get("days", Scope().days)),
            channel=chosen.get("channel", ""),
            sales_channel=chosen.get("sales_channel", ""),
        )


def _choice(label: str, choices: list[tuple[str, Any]], *, required: bool = False) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=required, widget=UnfoldAdminSelectWidget)


@admin.register(SearchCount)
class SearchReports(ReadOnly, ModelAdmin):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("", view(self.changelist_view), name="search_log_searchcount_changelist"),
            path("<slug:table>.csv", view(self.export_view), name="search_log_searchcount_export"),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The page."""
        self._check(request)
        form = ScopeForm(request.GET)
        scope = form.scope
        days = reports.daily(scope)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Search reports"),
            "form": form,
            "figures": _figures(sum(days.values(), Figures()), reports.not_listed(scope)),
            "charts": _charts(days),
            "top": reports.top(scope, LISTED),
            "nothing": reports.nothing_found(scope, LISTED),
            "changed": reports.changed(scope, LISTED),
            "products": reports.products(scope, LISTED),
            "remedies": _remedies(request, scope),
            "exports": _exports(scope),
        }
        return TemplateResponse(request, "search_log/report.html", context)

    def export_view(self, request: HttpRequest, table: str) -> HttpResponse:
        """One of its tables as CSV."""
        self._check(request)
        if table not in exports.TABLES:
            raise Http404
        body = exports.table(table, ScopeForm(request.GET).scope)
        # With a byte order mark, without which spreadsheets take UTF-8 for something else.
        response = HttpResponse(body.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="searches-{table}.csv"'
        response["Cache-Control"] = "no-store"
        return response

    def _check(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def _figures(total: Figures, not_listed: int) -> list[tuple[str, str]]:
    return [
        (_("Searches"), _number(total.searches)),
        (_("Nothing found"), _percent(total.nothing_rate)),
        (_("Clicks per 100 searches"), "–" if total.click_rate is None else f"{total.click_rate:g}"),
        (_("Rare searches, numbers and long texts"), _number(not_listed)),
    ]


def _number(value: int) -> str:
    return number_format(value, force_grouping=True)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:g} %"


def _charts(days: dict[Any, Figures]) -> list[Chart]:
    # Translators: a day in a narrow chart, as in Django's date filter.
    named = [(date_format(day, _("M j")), figures) for day, figures in days.items()]
    return [
        Chart(_("Searches per day, UTC"), [(name, figures.searches) for name, figures in named]),
        Chart(_("Nothing found, percent"), [(name, figures.nothing_rate) for name, figures in named], kind="line"),
        Chart(
            _("Clicks per 100 searches"),
            [(name, figures.click_rate) for name, figures in named],
            kind="line",
            at_least=20,
        ),
    ]


# Permission, screen of merchandising, what it does, what is filled in there, and where the text goes.
_REMEDIES: Final[tuple[tuple[str, str, Any, dict[str, str], str], ...]] = (
    (
        "merchandising.add_synonyms",
        "admin:merchandising_synonyms_add",
        gettext_lazy("Add a synonym"),
        {"kind": "ONE_WAY"},
        "sources",
    ),
    (
        "merchandising.add_rule",
        "admin:merchandising_rule_add",
        gettext_lazy("Add a redirect"),
        {"kind": "REDIRECT", "match_mode": "EXACT"},
        "phrases",
    ),
)


def _remedies(request: HttpRequest, scope: Scope) -> list[tuple[str, str]]:
    """What this user can do about a search that finds nothing: words, and an address that its text is put after."""
    found = []
    for permission, screen, words, values, field in _REMEDIES:
        if not request.user.has_perm(permission):
            continue
        try:
            address = reverse(screen)
        except NoReverseMatch:
            continue  # An installation without merchandising has no such screen.
        filled = values | ({"channel": scope.channel} if scope.channel else {})
        found.append((str(words), f"{address}?{urlencode(filled)}&{field}="))
    return found


def _exports(scope: Scope) -> dict[str, str]:
    query = urlencode({"days": scope.days, "channel": scope.channel, "sales_channel": scope.sales_channel})
    return {name: reverse("admin:search_log_searchcount_export", args=[name]) + f"?{query}" for name in exports.TABLES}
