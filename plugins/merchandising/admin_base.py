"""What the screens of merchandising have in common: rows are written by the services and remember every change."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from kernel.errors import ApiError, Errors
from plugins.merchandising import admin_pages, services
from plugins.merchandising.differences import named
from plugins.merchandising.forms import ConfiguredForm
from plugins.merchandising.models import Configured, Revision
from plugins.merchandising.records import name_of

FILES: dict[str, Any] = {
    "title": _("Import and export"),
    "items": ["bring_in", "take_out"],
}


def actor_of(request: HttpRequest) -> str:
    """The user as revisions and the audit trail name them."""
    return f"admin:{request.user.pk}"


class ConfiguredAdmin(ModelAdmin):
    """A screen whose rows are written by the services and remember every change."""

    actions_list = [FILES]
    list_per_page = 50

    @display(description=_("channel"), ordering="channel")
    def in_channel(self, row: Any) -> str:
        """Where it holds."""
        return row.channel or str(_("Every channel"))

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """Refusals that only show when it is written, since others write too, are told."""
        view = super().changeform_view
        return _telling(request, lambda: view(request, object_id, form_url, extra_context))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """The same for what somebody else has deleted meanwhile."""
        view = super().delete_view
        return _telling(request, lambda: view(request, object_id, extra_context))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The same for several at once: all are deleted or none."""
        view = super().changelist_view
        return _telling(request, lambda: view(request, extra_context))

    def save_model(self, request: HttpRequest, obj: Configured, form: ConfiguredForm, change: bool) -> None:
        """Write through the services; the row shown next is the one in the table."""
        note, actor = form.cleaned_data.get("note", ""), actor_of(request)
        if change:
            seen = form.cleaned_data.get("seen")
            services.update(row=obj, values=form.configured(), actor=actor, note=note, seen=seen)
        else:
            obj.pk = services.create(model=type(obj), values=form.configured(), actor=actor, note=note).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """There are no rows beside it."""

    def delete_model(self, request: HttpRequest, obj: Configured) -> None:
        services.delete(row=obj, actor=actor_of(request))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            services.delete(row=row, actor=actor_of(request))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """The changes of one row, newest first, each with what differs and a button to undo it."""
        row = get_object_or_404(self.model, pk=object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        found = named(Revision.objects.filter(model=name_of(self.model), row_id=row.pk))[:100]
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % row,
            "opts": self.model._meta,
            "object": row,
            "entries": [admin_pages.entry(request, revision) for revision in found],
        }
        return TemplateResponse(request, "merchandising/history.html", context)

    @action(description=_("Import"), url_path="import", icon="upload")
    def bring_in(self, request: HttpRequest) -> HttpResponse:
        """To the page where a file is looked at and imported."""
        return HttpResponseRedirect(reverse("admin:merchandising_import"))

    @action(description=_("Export everything"), url_path="export", icon="download")
    def take_out(self, request: HttpRequest) -> HttpResponse:
        """The whole set-up as a file."""
        return HttpResponseRedirect(reverse("admin:merchandising_export"))


def _telling(request: HttpRequest, view: Callable[[], Any]) -> Any:
    """The view's answer; after a refusal, which has changed nothing, the same page with what is wrong."""
    try:
        return view()
    except (ApiError, Errors) as refused:
        for message in admin_pages.sentences(refused):
            messages.error(request, message)
        return HttpResponseRedirect(request.get_full_path())


CHANGE = (_("Change"), {"fields": ("note", "seen")})
