"""Lists of the admin that can be taken out as they are filtered."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from . import exports


class Exporting:
    """A mix-in for a ModelAdmin: its list, filtered as it is, as CSV or XLSX. Whoever may see the list may take it.

    The ModelAdmin has `export_rows(found)`, which gives the rows of a queryset in the order of `export_headings`.
    """

    export_headings: Sequence[Any] = ()
    actions_list: Sequence[str] = ("export_csv", "export_xlsx")

    def get_urls(self) -> list[URLPattern]:
        """With the files."""
        meta = self.model._meta  # type: ignore[attr-defined]
        view = self.admin_site.admin_view(self.export_view)  # type: ignore[attr-defined]
        address = path("export.<slug:kind>", view, name=f"{meta.app_label}_{meta.model_name}_export")
        return [address, *super().get_urls()]  # type: ignore[misc]

    @action(description=gettext_lazy("As CSV"), url_path="as-csv", icon="download")
    def export_csv(self, request: HttpRequest) -> HttpResponseRedirect:
        """A button above the list."""
        return self._to_file(request, "csv")

    @action(description=gettext_lazy("As XLSX"), url_path="as-xlsx", icon="download")
    def export_xlsx(self, request: HttpRequest) -> HttpResponseRedirect:
        """A button above the list."""
        return self._to_file(request, "xlsx")

    def _to_file(self, request: HttpRequest, kind: str) -> HttpResponseRedirect:
        meta = self.model._meta  # type: ignore[attr-defined]
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_export", args=[kind])
        # The button does not carry the filters of the list that it stands above; the page it was pressed on does.
        _page, _mark, query = request.headers.get("Referer", "").partition("?")
        return HttpResponseRedirect(f"{address}?{query}" if query else address)

    def export_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """The file."""
        if not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        if kind not in exports.KINDS:
            raise Http404
        found = self.get_changelist_instance(request).get_queryset(request)  # type: ignore[attr-defined]
        name = self.model._meta.model_name  # type: ignore[attr-defined]
        rows = self.export_rows(found[: exports.MAX_ROWS])  # type: ignore[attr-defined]
        return exports.respond(name, kind, self.export_headings, rows)
