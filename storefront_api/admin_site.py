"""How the admin looks and how its screens are found: grouped as those who use it think, not by package."""

from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plugins.guided_search.permissions import PREVIEW, VOCABULARY

# Title of a group, then its screens: a model and its icon (of Material Symbols).
Screen = tuple[str, str]
GROUPS: Final[tuple[tuple[Any, tuple[Screen, ...]], ...]] = (
    (
        gettext_lazy("Catalogue"),
        (
            ("catalogue.Product", "smartphone"),
            ("catalogue.Variant", "sell"),
            ("catalogue.Channel", "public"),
            ("bundles.Offer", "redeem"),
        ),
    ),
    (
        gettext_lazy("Search and merchandising"),
        (
            ("merchandising.Rule", "rule"),
            ("merchandising.Synonyms", "compare_arrows"),
            ("merchandising.DimensionSetup", "tune"),
            ("merchandising.PrecedenceRule", "account_tree"),
            ("merchandising.Revision", "manage_history"),
            ("search_log.SearchCount", "query_stats"),
            ("guided_search.IndexReport", "memory"),
        ),
    ),
    (
        gettext_lazy("Stores and stock"),
        (
            ("inventory.Store", "store"),
            ("inventory.Balance", "inventory_2"),
            ("inventory.Unit", "qr_code_2"),
            ("inventory.Movement", "swap_vert"),
            ("store_operations.StoreAct", "fact_check"),
            ("inventory.ShippingNotice", "local_shipping"),
            ("inventory.Transfer", "move_up"),
            ("inventory.VendorReturn", "assignment_return"),
            ("inventory.ReceiptDifference", "difference"),
            ("inventory.Reservation", "bookmark"),
            ("inventory.Contradiction", "report"),
            ("inventory.StockCount", "checklist"),
            ("inventory.CountPlan", "event_repeat"),
            ("inventory.Adjustment", "tune"),
            ("inventory.DeviceCheck", "policy"),
            ("inventory.EsimPool", "sim_card_download"),
            ("inventory.EsimProfile", "sim_card"),
            ("inventory.SafetyStock", "shield"),
            ("inventory.ParLevel", "shelves"),
            ("inventory.Reason", "label"),
            ("inventory.StockItem", "category"),
            ("inventory.CoreStock", "sync_alt"),
            ("inventory.CoreDifference", "difference"),
            ("inventory.CoreOrder", "shopping_bag"),
        ),
    ),
    (
        gettext_lazy("Services at an address"),
        (
            ("serviceability.Footprint", "map"),
            ("serviceability.NetworkNode", "hub"),
            ("serviceability.Premises", "home_pin"),
            ("serviceability.CapacityReservation", "bookmark"),
            ("serviceability.DemandEntry", "hourglass"),
            ("serviceability.WorkCalendar", "calendar_month"),
        ),
    ),
    (
        gettext_lazy("Orders and pickups"),
        (
            ("carts.Order", "receipt_long"),
            ("carts.UncheckedOrder", "gpp_maybe"),
            ("pickup.Pickup", "shopping_bag"),
            ("payments.Payment", "credit_card"),
            ("carts.Cart", "shopping_cart"),
            ("carts.Customer", "group"),
        ),
    ),
    (
        gettext_lazy("Point of sale"),
        (
            ("pos.Sale", "point_of_sale"),
            ("pos.SaleException", "flag"),
            ("pos.Shift", "schedule"),
            ("staff.Register", "tablet_mac"),
        ),
    ),
    (
        gettext_lazy("Staff"),
        (
            ("staff.StaffMember", "badge"),
            ("auth.User", "manage_accounts"),
            ("auth.Group", "shield_person"),
        ),
    ),
    (
        gettext_lazy("Operations"),
        (
            ("kernel.OutboxMessage", "outbox"),
            ("kernel.Saga", "account_tree"),
            ("commerce.CoreInstallation", "hub"),
            ("onboarding.SyncRun", "sync"),
            ("onboarding.SyncProblem", "report_problem"),
            ("commerce.InboxEvent", "move_to_inbox"),
            ("kernel.IdempotencyKey", "key"),
            ("kernel.AuditEntry", "history"),
        ),
    ),
)

# Pages that are no model's list: the screen that each follows, its title, icon and address, and permissions of which
# any opens it.
Page = tuple[Any, str, str, tuple[str, ...]]
PAGES: Final[dict[str, Page]] = {
    "merchandising.Synonyms": (
        gettext_lazy("Built-in vocabulary"),
        "dictionary",
        "admin:search_vocabulary",
        VOCABULARY,
    ),
    "onboarding.SyncRun": (
        gettext_lazy("Take over a catalogue"),
        "move_item",
        "admin:onboarding",
        ("onboarding.take_over",),
    ),
    "inventory.Balance": (
        gettext_lazy("Differences in the books"),
        "balance",
        "admin:inventory_differences",
        ("inventory.view_balance",),
    ),
    "inventory.Movement": (
        gettext_lazy("Shrink and count accuracy"),
        "trending_down",
        "admin:inventory_shrink",
        ("inventory.view_movement",),
    ),
    "serviceability.Footprint": (
        gettext_lazy("Coverage"),
        "travel_explore",
        "admin:serviceability_coverage",
        ("serviceability.view_footprint",),
    ),
    "merchandising.PrecedenceRule": (gettext_lazy("Search preview"), "preview", "admin:search_preview", PREVIEW),
}

# What merchandisers say where the model's own name is the programmer's or, beside others, not clear.
TITLES: Final[dict[str, Any]] = {
    "inventory.Balance": gettext_lazy("Stock"),
    "inventory.Unit": gettext_lazy("Serial numbers"),
    "inventory.Contradiction": gettext_lazy("Stock exceptions"),
    "inventory.EsimPool": gettext_lazy("eSIM pools"),
    "inventory.EsimProfile": gettext_lazy("eSIM profiles"),
    "inventory.SafetyStock": gettext_lazy("Safety stock"),
    "inventory.ParLevel": gettext_lazy("Shelf levels"),
    "inventory.Reason": gettext_lazy("Reasons of adjustments"),
    "inventory.StockItem": gettext_lazy("Tracked articles"),
    "pos.SaleException": gettext_lazy("Sale exceptions"),
    "staff.StaffMember": gettext_lazy("Store staff"),
    "auth.User": gettext_lazy("Users of this site"),
    "kernel.AuditEntry": gettext_lazy("Audit trail"),
    "merchandising.Revision": gettext_lazy("History of the search"),
}

# The theme's settings (Django calls this UNFOLD); names in dots are called with the request.
THEME: Final[dict[str, Any]] = {
    "SITE_TITLE": gettext_lazy("Omnichannel suite"),
    "SITE_HEADER": gettext_lazy("Omnichannel suite"),
    "SITE_SUBHEADER": gettext_lazy("Merchandising and operations"),
    "SITE_SYMBOL": "storefront",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("storefront_api/icon.svg")},
    ],
    "SITE_URL": "/",
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": True,
    "ENVIRONMENT": "storefront_api.admin_site.environment",
    "DASHBOARD_CALLBACK": "storefront_api.dashboard.fill",
    "STYLES": [lambda request: static("storefront_api/admin.css")],
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": "storefront_api.admin_site.navigation",
    },
    "COLORS": {
        "primary": {
            "50": "#eff6ff",
            "100": "#dbeafe",
            "200": "#bfdbfe",
            "300": "#93c5fd",
            "400": "#60a5fa",
            "500": "#3b82f6",
            "600": "#2563eb",
            "700": "#1d4ed8",
            "800": "#1e40af",
            "900": "#1e3a8a",
            "950": "#172554",
        },
    },
}


def environment(request: HttpRequest) -> list[Any] | None:
    """The badge that tells a demonstration from the real shop."""
    return [_("Demonstration"), "warning"] if settings.DEBUG else None


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar: what this user may see, in groups; a group with nothing in it is left out."""
    start = {"title": _("Overview"), "icon": "dashboard", "link": reverse("admin:index"), "active": _is_index}
    groups = [_group(request, str(title), screens) for title, screens in GROUPS]
    if settings.CORE_ADMIN_URL:
        title = _("Commerce core (products and prices)")
        core = {"title": title, "icon": "open_in_new", "link": settings.CORE_ADMIN_URL, "active": False}
        groups[0]["items"].append(core)
    return [{"items": [start]}, *(group for group in groups if group["items"])]


def _group(request: HttpRequest, title: str, screens: tuple[Screen, ...]) -> dict[str, Any]:
    return {"title": title, "separator": True, "items": list(_items(request, screens))}


def _items(request: HttpRequest, screens: tuple[Screen, ...]) -> Iterator[dict[str, Any]]:
    for label, icon in screens:
        model = apps.get_model(label)
        if may_view(request, label):
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
            title = TITLES.get(label) or capfirst(model._meta.verbose_name_plural)
            item = {"title": str(title), "icon": icon, "link": reverse(name)}
            # The theme takes a page for part of the screen whose address its own begins with.
            yield item | ({"active": False} if _is_page(request) else {})
        if label in PAGES:
            words, icon, address, permissions = PAGES[label]
            if any(request.user.has_perm(permission) for permission in permissions):
                yield {"title": str(words), "icon": icon, "link": reverse(address)}


def _is_page(request: HttpRequest) -> bool:
    return any(request.path == reverse(address) for _title, _icon, address, _permissions in PAGES.values())


def may_view(request: HttpRequest, label: str) -> bool:
    """Whether the user may look at rows of a model, named as in "carts.Order"."""
    app, model = label.lower().split(".")
    return any(request.user.has_perm(f"{app}.{action}_{model}") for action in ("view", "change"))


def _is_index(request: HttpRequest) -> bool:
    return request.path == reverse("admin:index")
