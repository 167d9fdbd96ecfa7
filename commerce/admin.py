"""The inbox for people to look at: what waits, what failed and why. Nothing is edited here."""

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from commerce.models import InboxEvent


@admin.register(InboxEvent)
class InboxEventAdmin(ModelAdmin):
    """Events from the core, newest first."""

    list_display = ("received_at", "event", "object_key", "state", "attempts", "due_at", "handled_at", "last_error")
    list_filter = ("state", "event")
    search_fields = ("object_key", "event")
    date_hierarchy = "received_at"
    ordering = ("-id",)
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: InboxEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: InboxEvent | None = None) -> bool:
        return False
