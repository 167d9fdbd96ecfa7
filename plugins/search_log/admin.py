"""The page of search reports. It stands where the list of the sums would be: single rows are nobody's to see, since a
rare text in them could be somebody's."""

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminSelectWidget

from kernel.admin import ReadOnly
from kernel.charts import Chart
from plugins.catalogue import selectors as catalogue
from plugins.catalogue.models import SalesChannel
from plugins.search_log import exports, reports
from plugins.search_log.models import SearchCount
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
            "tables": _tables(request, scope),
            "days_export": _export("days", scope),
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
    return f"{value:,}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:g}%"


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
    for permission, screen, words, values, at in _REMEDIES:
        if not request.user.has_perm(permission):
            continue
        try:
            address = reverse(screen)
        except NoReverseMatch:
            continue  # An installation without merchandising has no such screen.
        filled = values | ({"channel": scope.channel} if scope.channel else {})
        found.append((str(words), f"{address}?{urlencode(filled)}&{at}="))
    return found


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the page: lines are words and their numbers; `empty` is said where there are none."""

    heading: str
    columns: tuple[str, ...]
    lines: list[tuple[str, tuple[int | float | None, ...]]]
    export: str
    empty: str
    remedies: list[tuple[str, str]] = field(default_factory=list)


def _tables(request: HttpRequest, scope: Scope) -> list[Table]:
    search, clicks, position = _("Search"), _("Clicks"), _("Mean position")
    return [
        Table(
            _("Top searches"),
            (search, _("Searches"), clicks, position),
            [(line.text, (line.searches, line.clicks, line.position)) for line in reports.top(scope, LISTED)],
            _export("top", scope),
            _("No text was searched often enough to be shown."),
        ),
        Table(
            _("Searches that found nothing"),
            (search, _("Searches")),
            [(line.text, (line.searches,)) for line in reports.nothing_found(scope, LISTED)],
            _export("nothing", scope),
            _("No text found nothing often enough to be shown."),
            _remedies(request, scope),
        ),
        Table(
            _("Searches corrected or searched with fewer words"),
            (search, _("Corrected"), _("With fewer words")),
            [(line.text, (line.corrected, line.relaxed)) for line in reports.changed(scope, LISTED)],
            _export("changed", scope),
            _("No text was changed often enough to be shown."),
        ),
        Table(
            _("Products opened from searches"),
            (_("Product"), clicks, position),
            [(line.name, (line.clicks, line.position)) for line in reports.products(scope, LISTED)],
            _export("products", scope),
            _("No product was opened from a search yet."),
        ),
    ]


def _export(table: str, scope: Scope) -> str:
    query = urlencode({"days": scope.days, "channel": scope.channel, "sales_channel": scope.sales_channel})
    return reverse("admin:search_log_searchcount_export", args=[table]) + f"?{query}"
