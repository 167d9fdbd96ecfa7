"""The planner's pages: the map of footprints and stores with its list and the demand, and the import of files."""

import datetime as dt
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db.models import Min, Q, QuerySet, Sum
from django.db.models.expressions import F
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from inventory import spreadsheets
from inventory.models import Store
from kernel import clock
from kernel.charts import Chart
from kernel.errors import ApiError
from plugins.serviceability import imports, loader, selectors
from plugins.serviceability.models import Country, Footprint, Technology

VIEW: Final = "serviceability.view_footprint"
IMPORT: Final = ("serviceability.add_footprint", "serviceability.change_footprint")
SHOWN: Final = 500
MISTAKES: Final = 200
ENDINGS: Final = (".csv", ".xlsx", ".geojson", ".json", ".geojsonl")
TITLES: Final = {
    "nodes": gettext_lazy("Import nodes"),
    "footprints": gettext_lazy("Import footprints"),
    "premises": gettext_lazy("Import premises"),
}


class ScopeForm(forms.Form):
    """Which country and technology."""

    country = forms.ChoiceField(
        label=gettext_lazy("Country"), choices=Country.choices, required=False, widget=UnfoldAdminSelectWidget
    )
    technology = forms.ChoiceField(
        label=gettext_lazy("Technology"),
        choices=[("", gettext_lazy("All")), *Technology.choices],
        required=False,
        widget=UnfoldAdminSelectWidget,
    )


class UploadForm(forms.Form):
    """A file of premises, nodes or footprints."""

    file = forms.FileField(
        label=gettext_lazy("File (CSV, XLSX or GeoJSON)"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ",".join(ENDINGS)}),
    )

    def clean_file(self) -> "File[bytes]":
        """Neither too large nor something else."""
        file: File[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > spreadsheets.MAX_BYTES:
            megabytes = spreadsheets.MAX_BYTES // 1_000_000
            raise forms.ValidationError(_("The file is larger than %(max)s MB.") % {"max": megabytes})
        if not (file.name or "").lower().endswith(ENDINGS):
            raise forms.ValidationError(_("Choose a CSV, XLSX or GeoJSON file."))
        return file


def coverage(request: HttpRequest) -> HttpResponse:
    """Footprints and stores of a country on a map, the same as a list with capacity, and who waits where."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    form = ScopeForm({"country": Country.US, **request.GET.dict()})
    form.is_valid()
    country = form.cleaned_data.get("country") or Country.US
    technology = form.cleaned_data.get("technology", "")
    wanted = Q(country=country) & (Q(technology=technology) if technology else Q())
    found = _with_capacity(Footprint.objects.filter(wanted))
    rows = list(found[:SHOWN])
    may_import = request.user.has_perms(IMPORT)
    own: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Coverage"),
        "form": form,
        "total": found.count(),
        "shown": SHOWN,
        "rows": [_line(row) for row in rows],
        "imports": list(TITLES.items()) if may_import else [],
        "data": {"footprints": [_feature(row) for row in rows], "stores": _stores(country)},
        "demand": Chart(
            _("Customers who wait, by postal code"),
            [(f"{city} {postal}".strip(), count) for city, postal, count in selectors.demand_by_area(country)[:20]],
        ),
    }
    return TemplateResponse(request, "serviceability/coverage.html", own)


def _with_capacity(footprints: QuerySet[Footprint]) -> QuerySet[Any]:
    free = Q(node__openings__reserved__lt=F("node__openings__ports"))
    return footprints.annotate(
        ports=Sum("node__openings__ports"),
        taken=Sum("node__openings__reserved"),
        free_from=Min("node__openings__opens_on", filter=free),
    ).order_by("code")


def _line(row: Any) -> dict[str, Any]:
    state = row.get_state_display()
    if row.opens_on:
        state = f"{state}, {date_format(row.opens_on)}"
    return {
        "code": row.pk,
        "name": row.name or row.pk,
        "technology": row.get_technology_display(),
        "state": state,
        "ports": "–" if row.ports is None else f"{row.taken} / {row.ports}",
        "free": _free(row.free_from, row.country),
    }


def _free(day: dt.date | None, country: str) -> str | None:
    """From when there is a free port; a day that has come is no news. None: all are taken."""
    if day is None:
        return None
    return date_format(day) if day > loader.network().calendar(country).today(clock.now()) else _("Now")


def _feature(row: Any) -> dict[str, Any]:
    label = f"{row.name or row.pk}: {row.get_technology_display()}, {row.get_state_display()}"
    live = row.state == Footprint.State.LIVE
    properties = {"code": row.pk, "technology": row.technology, "live": live, "label": label}
    return {"type": "Feature", "geometry": row.geometry, "properties": properties}


def _stores(country: str) -> list[dict[str, Any]]:
    stores = Store.objects.filter(country=country, latitude__isnull=False, longitude__isnull=False)
    return [
        {"name": name, "latitude": float(latitude), "longitude": float(longitude)}
        for name, latitude, longitude in stores.order_by("pk").values_list("name", "latitude", "longitude")
    ]


def import_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Look at a file or bring it in; what is wrong is listed by row and column."""
    if kind not in TITLES:
        raise Http404
    if not request.user.has_perms(IMPORT):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None)
    looking, outcome = "look" in request.POST, None
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            outcome = imports.bring_in(
                kind=kind, file=upload.file, name=upload.name, actor=f"admin:{request.user.pk}", dry_run=looking
            )
        except ApiError as refused:
            form.add_error("file", refused.message)
    chosen = imports.KINDS[kind]
    own = {
        **admin.site.each_context(request),
        "title": TITLES[kind],
        "form": form,
        "columns": [(column, column in chosen.required) for column in chosen.columns],
        "outcome": outcome,
        "looked": looking,
        "mistakes": outcome.mistakes.found[:MISTAKES] if outcome else [],
        "count": len(outcome.mistakes) if outcome else 0,
    }
    return TemplateResponse(request, "serviceability/import.html", own)
