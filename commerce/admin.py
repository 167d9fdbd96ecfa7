"""For people to look at: the cores in which the suite is installed, and what came from them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from commerce import addresses, connection, installations, manifest
from commerce.models import CoreInstallation, InboxEvent
from kernel.admin import ReadOnly

_LABELS = {"EXPECTED": "info", "ACTIVE": "success", "STANDBY": "warning", "DISCONNECTED": "danger", "REFUSED": "danger"}


class CoreForm(forms.ModelForm):  # type: ignore[type-arg]
    """The addresses of a core, in one spelling."""

    class Meta:
        model = CoreInstallation
        fields = ("api_url", "dashboard_origin")

    def clean_api_url(self) -> str:
        try:
            return addresses.normalised(self.cleaned_data["api_url"])
        except ValueError as error:
            raise ValidationError(_("Give an address such as https://shop.example.com/graphql/.")) from error

    def clean_dashboard_origin(self) -> str:
        told = self.cleaned_data["dashboard_origin"]
        if told and not addresses.origin(told):
            raise ValidationError(_("Give an address such as https://shop.example.com/dashboard/."))
        return addresses.origin(told)


@admin.register(CoreInstallation)
class CoreInstallationAdmin(ModelAdmin):
    """Entering a core here allows it to install the suite. Its token is never shown."""

    form = CoreForm
    list_display = ("api_url", "shown_state", "core_version", "installed_at", "refused_at", "disconnected_at")
    readonly_fields = ("shown_state", "core_version", "schema_version", "installed_at", "refused_at", "manifest_url")
    actions = ("use", "disconnect")

    @display(description=_("state"), label=_LABELS)
    def shown_state(self, row: CoreInstallation) -> tuple[str, Any]:
        """The state, or that the core does not take our token any more."""
        if row.installed and row.refused_at:
            return "REFUSED", _("Refuses our token: install the App again")
        return row.state, row.get_state_display()

    @admin.display(description=_("manifest to install in Saleor"))
    def manifest_url(self, row: CoreInstallation) -> str:
        return manifest.manifest_url()

    def get_readonly_fields(self, request: HttpRequest, obj: CoreInstallation | None = None) -> tuple[str, ...]:
        # Whose token it is cannot be changed: another core is another row.
        return (*self.readonly_fields, "api_url") if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: CoreInstallation, form: Any, change: bool) -> None:
        # Which dashboard may frame us is remembered for seconds; here it holds at once.
        transaction.on_commit(connection.forget)
        if change:
            super().save_model(request, obj, form, change)
            return
        row = installations.allow(api_url=obj.api_url, actor=f"admin:{request.user.pk}")
        row.dashboard_origin = obj.dashboard_origin
        row.save(update_fields=["dashboard_origin"])
        obj.pk = row.pk

    def has_delete_permission(self, request: HttpRequest, obj: CoreInstallation | None = None) -> bool:
        return (obj is None or not obj.installed) and super().has_delete_permission(request, obj)

    @admin.action(description=_("Use this core"), permissions=["change"])
    def use(self, request: HttpRequest, rows: "QuerySet[CoreInstallation]") -> None:
        """Make the chosen one the core in use."""
        if len(rows) != 1:
            messages.error(request, _("Choose one core."))
            return
        try:
            installations.use(installation_id=rows[0].pk, actor=f"admin:{request.user.pk}")
        except installations.NotAllowed:
            messages.error(request, _("The App is not installed in this core yet."))
            return
        messages.success(request, _("This core is in use. Run the first sync: its ids are not those of another core."))

    @admin.action(description=_("Disconnect: forget the token"), permissions=["change"])
    def disconnect(self, request: HttpRequest, rows: "QuerySet[CoreInstallation]") -> None:
        """Forget the tokens of those chosen."""
        for row in rows:
            installations.disconnect(installation_id=row.pk, actor=f"admin:{request.user.pk}")
        messages.success(request, _("The tokens are forgotten. Remove the App in Saleor too."))


@admin.register(InboxEvent)
class InboxEventAdmin(ReadOnly, ModelAdmin):
    """Events from the core, newest first."""

    list_display = ("received_at", "event", "object_key", "state", "attempts", "due_at", "handled_at", "last_error")
    list_filter = ("state", "event")
    search_fields = ("object_key", "event")
    date_hierarchy = "received_at"
    ordering = ("-id",)
    list_per_page = 50
