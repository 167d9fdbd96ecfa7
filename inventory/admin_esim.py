"""The screens of eSIM pools. Activation codes are on none of them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from kernel import audit
from kernel.admin import ReadOnly

from . import esim, esim_import
from .admin_imports import import_page
from .models import EsimPool, EsimProfile

State = EsimProfile.State


def _count(state: str) -> Count:
    return Count("profiles", filter=Q(profiles__state=state))


class EsimPoolForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = EsimPool
        fields = ("item", "low_water")


@admin.register(EsimPool)
class EsimPoolAdmin(ModelAdmin):
    form = EsimPoolForm
    list_display = ("item", "level", "available", "reserved", "allocated", "activated", "revoked", "low_water")
    search_fields = ("item__sku",)
    autocomplete_fields = ("item",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[EsimPool]:
        """With the profiles of each state counted."""
        counts = {state.lower(): _count(state) for state in State.values}
        return super().get_queryset(request).annotate(**counts)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Profiles name it."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """The SKU is the key."""
        return ("item",) if obj else ()

    def save_model(self, request: HttpRequest, obj: EsimPool, form: Any, change: bool) -> None:
        """Save, warn anew by the new mark, and keep who did it."""
        super().save_model(request, obj, form, change)
        esim.refilled(obj.pk)
        audit.record(
            actor=f"admin:{request.user.pk}",
            action="esim_pool.saved",
            subject=f"esim_pool:{obj.pk}",
            detail={"low_water": obj.low_water},
        )

    @display(description=gettext_lazy("level"), label={"enough": "success", "low": "warning", "empty": "danger"})
    def level(self, pool: Any) -> tuple[str, str]:
        """Whether it must be refilled."""
        if not pool.available:
            return "empty", _("Empty")
        return ("low", _("Low")) if pool.available < pool.low_water else ("enough", _("Enough"))

    @display(description=gettext_lazy("available"), ordering="available")
    def available(self, pool: Any) -> int:
        """Profiles nobody holds."""
        return int(pool.available)

    @display(description=gettext_lazy("reserved"))
    def reserved(self, pool: Any) -> int:
        """Kept for carts."""
        return int(pool.reserved)

    @display(description=gettext_lazy("allocated"))
    def allocated(self, pool: Any) -> int:
        """Sold, not yet on a device."""
        return int(pool.allocated)

    @display(description=gettext_lazy("activated"))
    def activated(self, pool: Any) -> int:
        """On a device."""
        return int(pool.activated)

    @display(description=gettext_lazy("revoked"))
    def revoked(self, pool: Any) -> int:
        """Never to be used."""
        return int(pool.revoked)


@admin.register(EsimProfile)
class EsimProfileAdmin(ReadOnly, ModelAdmin):
    list_display = ("iccid", "pool", "profile_type", "state", "order", "eid", "changed_at")
    fields = ("iccid", "pool", "profile_type", "state", "order", "eid", "reserved_until", "changed_at", "imported_at")
    list_filter = ("state", "pool", "profile_type")
    list_select_related = ("pool",)
    search_fields = ("iccid", "order", "eid")
    actions = ("revoke",)
    actions_list = ("bring_in",)

    def get_urls(self) -> list[URLPattern]:
        """With the import."""
        address = path("import/", self.admin_site.admin_view(self.import_view), name="inventory_esimprofile_import")
        return [address, *super().get_urls()]

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Django's permission to change."""
        return request.user.has_perm("inventory.change_esimprofile")

    def has_bring_in_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Django's permission to add."""
        return request.user.has_perm("inventory.add_esimprofile")

    @admin.action(description=gettext_lazy("Revoke"), permissions=["revoke"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[EsimProfile]) -> None:
        """Never to be used again."""
        for profile in queryset:
            esim.revoke(iccid=profile.iccid, actor=f"admin:{request.user.pk}", reason="revoked in the admin")
        messages.success(request, _("They are revoked."))

    @action(description=gettext_lazy("Import profiles"), url_path="bring-in", permissions=["bring_in"], icon="upload")
    def bring_in(self, request: HttpRequest) -> HttpResponse:
        """The button above the list leads to the page."""
        return HttpResponseRedirect(reverse("admin:inventory_esimprofile_import"))

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Profiles from a spreadsheet."""
        if not self.has_bring_in_permission(request):
            raise PermissionDenied
        return import_page(
            request,
            title=_("Import eSIM profiles"),
            explained=_("The file is not kept: activation codes are stored encrypted and never shown in a list."),
            columns=(*esim_import.REQUIRED, *esim_import.OPTIONAL),
            required=esim_import.REQUIRED,
            bring_in=esim_import.bring_in,
            back="admin:inventory_esimprofile_changelist",
        )
