"""The merchandiser's and the stock keeper's screens. Stores are edited here; the ledger is only shown."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from kernel import audit, clock
from kernel.admin import ReadOnly, shortened

from . import admin_contradictions as admin_contradictions  # these register their screens
from . import admin_core as admin_core
from . import admin_counts as admin_counts
from . import admin_esim as admin_esim
from . import admin_receiving as admin_receiving
from . import admin_stock as admin_stock
from . import announcements, hours, ledger, rooms
from .admin_rules import SafetyStockInline, StockRoomInline, save_inline
from .models import (
    Balance,
    Contradiction,
    CoreStock,
    DeviceCheck,
    Reservation,
    ReservationLine,
    StockItem,
    Store,
    Unit,
    UnitIdentifier,
    UnitMovement,
)
from .store_form import StoreForm


@admin.register(Store)
class StoreAdmin(ModelAdmin):
    form = StoreForm
    list_display = ("name", "code", "city", "country_area", "kind", "open_now", "pickup_enabled", "is_active")
    list_filter = ("kind", "is_active", "pickup_enabled", "country_area")
    search_fields = ("name", "code", "city", "postal_code")
    inlines = (StockRoomInline, SafetyStockInline)
    fieldsets = (
        (None, {"fields": ("code", "name", "kind", "is_active")}),
        (
            _("Place"),
            {
                "fields": (
                    "street_address",
                    ("city", "postal_code"),
                    ("country_area", "country"),
                    ("phone", "email"),
                    ("latitude", "longitude"),
                    "timezone",
                )
            },
        ),
        (
            _("Opening hours"),
            {
                "description": _(
                    "Local times such as 10:00-21:00; several spans with commas; empty means closed. "
                    "A span that closes before it opens ends on the next day."
                ),
                "fields": (
                    ("monday", "tuesday"),
                    ("wednesday", "thursday"),
                    ("friday", "saturday"),
                    "sunday",
                    "exceptional_days",
                ),
            },
        ),
        (
            _("Pick-up"),
            {"fields": ("pickup_enabled", ("pickup_lead_minutes", "slot_minutes", "slot_capacity"))},
        ),
        (_("Commerce core"), {"fields": ("core_warehouse_id",)}),
    )

    @display(description=_("open now"), boolean=True)
    def open_now(self, store: Store) -> bool:
        """By the store's clock."""
        return hours.is_open(store.schedule(), clock.now(), store.zone())

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A store with a past is made inactive, never deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: Store, form: Any, change: bool) -> None:
        """Save and keep who changed what; a new warehouse in the core is told the stock."""
        super().save_model(request, obj, form, change)
        rooms.ensure_floor(obj)
        announcements.stores_changed()
        if "core_warehouse_id" in form.changed_data:
            ledger.want_push(list(Balance.objects.filter(store=obj).values_list("pk", flat=True)))
        audit.record(
            actor=f"admin:{request.user.pk}",
            action="store.saved",
            subject=f"store:{obj.pk}",
            detail={"changed": list(form.changed_data)},
        )

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Rooms and safety rules are written by the services, which count the balances anew; keep who did it."""
        save_inline(formset)
        if formset.has_changed():
            audit.record(
                actor=f"admin:{request.user.pk}",
                action=f"store.{formset.model._meta.model_name}_saved",
                subject=f"store:{formset.instance.pk}",
                detail={"changed": [row.changed_data for row in formset.forms if row.changed_data]},
            )


@admin.register(StockItem)
class StockItemAdmin(ReadOnly, ModelAdmin):
    list_display = ("sku", "tracking", "stocked", "category")
    list_filter = ("tracking", "stocked")
    search_fields = ("sku",)


class UnitHistoryInline(ReadOnly, TabularInline):
    model = UnitMovement
    verbose_name_plural = _("history")
    fields = ("occurred_at", "kind", "store", "actor", "source")
    readonly_fields = fields
    hide_title = True
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[UnitMovement]:
        """Oldest first."""
        return super().get_queryset(request).select_related("movement__store").order_by("movement_id")

    @display(description=_("occurred at"))
    def occurred_at(self, link: UnitMovement) -> str:
        """When it happened."""
        return str(localize(localtime(link.movement.occurred_at)))

    @display(description=_("kind"))
    def kind(self, link: UnitMovement) -> str:
        """What happened."""
        return str(link.movement.get_kind_display())

    @display(description=_("store"))
    def store(self, link: UnitMovement) -> Store:
        """Where it happened."""
        return link.movement.store

    @display(description=_("actor"))
    def actor(self, link: UnitMovement) -> str:
        """Who did it."""
        return link.movement.actor

    @display(description=_("source"))
    def source(self, link: UnitMovement) -> str:
        """By which document."""
        return link.movement.source_key


class UnitIdentifierInline(ReadOnly, TabularInline):
    model = UnitIdentifier
    fields = ("type", "value")
    hide_title = True
    extra = 0


class UnitContradictionInline(ReadOnly, TabularInline):
    model = Contradiction
    verbose_name_plural = _("contradictions")
    fields = ("recorded_at", "type", "message", "settlement", "settled_at")
    hide_title = True
    show_change_link = True
    extra = 0


@admin.register(Unit)
class UnitAdmin(ReadOnly, ModelAdmin):
    list_display = ("identifier", "identifier_type", "item", "store", "room", "state")
    list_filter = ("state", "identifier_type", "store")
    list_select_related = ("store", "item", "room")
    search_fields = ("identifiers__value", "item__sku")
    inlines = (UnitIdentifierInline, UnitHistoryInline, UnitContradictionInline)


class ReservationLineInline(ReadOnly, TabularInline):
    model = ReservationLine
    fields = ("item", "quantity")
    hide_title = True
    extra = 0


@admin.register(Reservation)
class ReservationAdmin(ReadOnly, ModelAdmin):
    list_display = ("created_at", "purpose", "held_for", "store", "state", "expires_at", "closed_at")
    fields = ("purpose", "held_for", "store", "state", "expires_at", "close_reason", "created_at", "closed_at")
    list_filter = ("state", "purpose", "core_pending", "store")
    list_select_related = ("store",)
    search_fields = ("owner", "key", "lines__item__sku")
    inlines = (ReservationLineInline,)

    @admin.display(description=_("held for"))
    def held_for(self, reservation: Reservation) -> str:
        """Shortened: whoever knows a guest's cart may use it."""
        return shortened(reservation.owner)


@admin.register(DeviceCheck)
class DeviceCheckAdmin(ReadOnly, ModelAdmin):
    list_display = ("asked_at", "imei", "state", "status", "store", "answered_at")
    list_filter = ("state", "status", "movement__store")
    list_select_related = ("movement__store",)
    search_fields = ("imei", "reference")

    @display(description=_("store"))
    def store(self, check: DeviceCheck) -> Store:
        """Where the device came in."""
        return check.movement.store


@admin.register(CoreStock)
class CoreStockAdmin(ReadOnly, ModelAdmin):
    list_display = ("balance", "quantity", "pushed_at", "wanted", "pushed", "failures", "not_before", "last_error")
    list_filter = (("last_error", admin.EmptyFieldListFilter), "balance__store")
    list_select_related = ("balance",)
    search_fields = ("balance__item__sku",)
