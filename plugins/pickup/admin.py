"""Pickups for managers: read only, since the store's steps are taken at the point of sale."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from kernel.admin import ReadOnly
from kernel.columns import joined
from plugins.pickup.models import Pickup, PickupLine


class PickupLineInline(ReadOnly, TabularInline):
    model = PickupLine
    fields = ["sku", "name", "quantity", "picked", "shown_serials"]
    readonly_fields = ["shown_serials"]
    hide_title = True
    extra = 0
    shown_serials = joined("serials", _("serial numbers"))


@admin.register(Pickup)
class PickupAdmin(ReadOnly, ModelAdmin):
    list_display = ["order", "store", "state", "ready_by", "pickup_by", "collected_by"]
    list_filter = ["state", "store"]
    list_select_related = ["order", "store"]
    search_fields = ["order__number", "order__email"]
    date_hierarchy = "created_at"
    fields = [
        "order", "store", "state", "ready_by", "pickup_by", "collected_by", "handed_over_by", "reason",
        "created_at", "changed_at",
    ]  # fmt: skip
    inlines = [PickupLineInline]
