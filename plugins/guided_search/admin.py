"""The admin's pages of the search: what each process holds, building it anew, and the preview of a search."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin
from unfold.decorators import display

from kernel.admin import ReadOnly
from plugins.guided_search import admin_vocabulary, permissions, services
from plugins.guided_search.admin_preview import page as preview_page
from plugins.guided_search.models import IndexReport

_LABELS = {"BUILDING": "info", "READY": "success", "FAILED": "danger", "GONE": "warning"}


@admin.register(IndexReport)
class IndexReportAdmin(ReadOnly, ModelAdmin):
    list_display = ("process", "channel", "shown_state", "progress", "products", "memory", "started_at", "finished_at")
    list_filter = ("state", "channel")
    ordering = ("process", "channel")
    list_before_template = "guided_search/rebuild.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("rebuild/", view(require_POST(self.rebuild_view)), name="guided_search_rebuild"),
            path("preview/", view(preview_page), name="search_preview"),
            path("vocabulary/", view(admin_vocabulary.page), name="search_vocabulary"),
            path("vocabulary/<slug:code>/", view(admin_vocabulary.switch), name="search_vocabulary_switch"),
        ]
        return own + super().get_urls()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with a button for those who may use it."""
        may = request.user.has_perm(permissions.REBUILD)
        return super().changelist_view(request, {"may_rebuild": may, **(extra_context or {})})

    def rebuild_view(self, request: HttpRequest) -> HttpResponse:
        """Ask all processes for a new index."""
        if not request.user.has_perm(permissions.REBUILD):
            raise PermissionDenied
        services.request_rebuild(actor=f"admin:{request.user.pk}")
        messages.success(request, _("All processes are asked to build their indexes anew. Searches go on meanwhile."))
        return HttpResponseRedirect(reverse("admin:guided_search_indexreport_changelist"))

    @display(description=_("state"), label=_LABELS)
    def shown_state(self, row: IndexReport) -> tuple[str, Any]:
        """The state, or that the process is probably gone."""
        return (row.state, row.get_state_display()) if row.is_alive else ("GONE", _("No sign of life"))

    @admin.display(description=_("products read"))
    def progress(self, row: IndexReport) -> str:
        """How far the last build or update is."""
        words = gettext("%(read)s of %(total)s") % {"read": row.read, "total": row.total}
        if not row.total:
            return gettext("Nothing was new")
        return format_html(
            '<progress value="{}" max="{}" aria-label="{}"></progress> {}', row.read, row.total, words, words
        )

    @admin.display(description=_("memory"), ordering="bytes")
    def memory(self, row: IndexReport) -> str:
        """The size of its arrays."""
        return filesizeformat(row.bytes)
