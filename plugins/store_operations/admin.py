"""What store staff did with stock, for managers to look at."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from kernel.admin import ReadOnly
from plugins.store_operations.models import StoreAct


@admin.register(StoreAct)
class StoreActAdmin(ReadOnly, ModelAdmin):
    list_display = ["recorded_at", "kind", "store", "actor", "occurred_at"]
    list_filter = ["kind", "store"]
    list_select_related = ["store"]
    search_fields = ["client_id", "actor"]
    date_hierarchy = "recorded_at"
    fields = ["client_id", "kind", "store", "actor", "occurred_at", "recorded_at", "outcome"]
