"""The kernel's tables, for people who look for the cause of something. Nothing is changed here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from kernel.models import AuditEntry, IdempotencyKey, OutboxMessage, Saga, SagaStep


class ReadOnly:
    """No adding, changing or deleting, whatever the user's permissions."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnly, ModelAdmin):
    list_display = ["id", "topic", "aggregate", "attempts", "created_at", "next_attempt_at", "delivered_at"]
    list_filter = ["topic", ("delivered_at", admin.EmptyFieldListFilter)]
    search_fields = ["aggregate", "last_error"]
    ordering = ["-id"]


class SagaStepInline(ReadOnly, TabularInline):
    model = SagaStep
    fields = ["position", "name", "state", "result", "finished_at", "undone_at"]
    extra = 0


@admin.register(Saga)
class SagaAdmin(ReadOnly, ModelAdmin):
    list_display = ["kind", "key", "attempt", "state", "tries", "created_at", "finished_at"]
    list_filter = ["state", "kind"]
    search_fields = ["key", "error", "last_error"]
    ordering = ["-id"]
    inlines = [SagaStepInline]


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnly, ModelAdmin):
    list_display = ["scope", "key", "created_at", "lease_until", "finished_at"]
    search_fields = ["scope", "key"]
    ordering = ["-id"]
    # Answers may hold a customer's details: they are not for looking up.
    fields = ["scope", "key", "digest", "created_at", "lease_until", "finished_at"]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, ModelAdmin):
    list_display = ["at", "actor", "action", "subject"]
    list_filter = ["action"]
    search_fields = ["actor", "subject"]
    date_hierarchy = "at"
    ordering = ["-id"]
