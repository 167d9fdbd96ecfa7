"""The kernel's tables, for people who look for the cause of something. Nothing is changed here.

A guest's cart or order belongs to whoever knows its id, and payloads hold what customers typed: ids are shown
shortened, payloads not at all.
"""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from kernel.database import translated_errors
from kernel.errors import ApiError
from kernel.models import AuditEntry, IdempotencyKey, OutboxMessage, Saga, SagaStep


class ReadOnly:
    """No adding, changing or deleting, whatever the user's permissions."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Refusing:
    """What a service refuses is told in its sentence, and nothing is saved."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with translated_errors():
                return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]
        except ApiError as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(request.path)


def shortened(name: str) -> str:
    """Enough of an id to tell two apart, too little to use it."""
    return name if len(name) <= 14 else f"{name[:14]}…"


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnly, ModelAdmin):
    list_display = ["id", "topic", "about", "attempts", "created_at", "next_attempt_at", "delivered_at"]
    fields = ["topic", "about", "attempts", "last_error", "created_at", "next_attempt_at", "delivered_at"]
    list_filter = ["topic", ("delivered_at", admin.EmptyFieldListFilter)]
    search_fields = ["aggregate", "last_error"]
    ordering = ["-id"]

    @admin.display(description=_("about"))
    def about(self, message: OutboxMessage) -> str:
        return shortened(message.aggregate)


class SagaStepInline(ReadOnly, TabularInline):
    model = SagaStep
    fields = ["position", "name", "state", "finished_at", "undone_at"]
    extra = 0


@admin.register(Saga)
class SagaAdmin(ReadOnly, ModelAdmin):
    list_display = ["kind", "about", "attempt", "state", "tries", "created_at", "finished_at"]
    fields = ["kind", "about", "attempt", "state", "tries", "error", "last_error", "created_at", "finished_at"]
    list_filter = ["state", "kind"]
    search_fields = ["key", "error", "last_error"]
    ordering = ["-id"]
    inlines = [SagaStepInline]

    @admin.display(description=_("about"))
    def about(self, saga: Saga) -> str:
        return shortened(saga.key)


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnly, ModelAdmin):
    list_display = ["caller", "key", "created_at", "lease_until", "finished_at"]
    search_fields = ["scope", "key"]
    ordering = ["-id"]
    # Answers may hold a customer's details: they are not for looking up.
    fields = ["caller", "key", "digest", "created_at", "lease_until", "finished_at"]

    @admin.display(description=_("caller"))
    def caller(self, row: IdempotencyKey) -> str:
        return shortened(row.scope)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, ModelAdmin):
    list_display = ["at", "actor", "action", "subject"]
    list_filter = ["action"]
    search_fields = ["actor", "subject"]
    date_hierarchy = "at"
    ordering = ["-id"]
