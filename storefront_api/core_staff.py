"""What staff of the core may do in this admin: Saleor's permissions, each with ours. Nobody becomes a superuser."""

from typing import Final

from django.contrib.auth.models import Permission, User
from django.db import transaction
from django.db.models import Q

from commerce.staff_tokens import StaffClaims
from kernel import audit

_ALL: Final = ("view", "add", "change", "delete")
_VIEW: Final = ("view",)

# Saleor's permission: models of ours, and what may be done with them.
PERMISSIONS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "MANAGE_PRODUCTS": {
        **dict.fromkeys(("catalogue.product", "catalogue.variant", "catalogue.channel"), _VIEW),
        **dict.fromkeys(("merchandising.rule", "merchandising.synonyms", "merchandising.dimensionsetup"), _ALL),
        "merchandising.precedencerule": _ALL,
        "bundles.offer": ("view", "add", "change"),
        "merchandising.revision": _VIEW,
        "search_log.searchcount": _VIEW,
        "guided_search.indexreport": ("view", "change"),
        **dict.fromkeys(("inventory.store", "inventory.balance", "inventory.unit", "inventory.movement"), _VIEW),
        **dict.fromkeys(("inventory.stockitem", "inventory.corestock", "inventory.contradiction"), _VIEW),
        "inventory.coredifference": ("view", "settle_core_difference"),
        "inventory.coreorder": _VIEW,
        **dict.fromkeys(("inventory.safetystock", "inventory.parlevel"), _ALL),
    },
    "MANAGE_ORDERS": dict.fromkeys(
        (
            "carts.order",
            "carts.uncheckedorder",
            "pickup.pickup",
            "payments.payment",
            "pos.sale",
            "pos.saleexception",
            "pos.shift",
        ),
        _VIEW,
    ),
    "MANAGE_STAFF": dict.fromkeys(("staff.staffmember", "staff.register"), ("view", "add", "change")),
    "MANAGE_APPS": {
        "commerce.coreinstallation": ("view", "add", "change"),
        "commerce.inboxevent": _VIEW,
        "onboarding.syncrun": ("view", "take_over"),
        "onboarding.syncproblem": _VIEW,
        **dict.fromkeys(("kernel.outboxmessage", "kernel.saga", "kernel.auditentry"), _VIEW),
    },
}


@transaction.atomic
def sign_in(claims: StaffClaims) -> User | None:
    """The user of this admin that this person of the core is, with the permissions of now; None for nothing allowed.

    It is told by the core's id, never by the e-mail address: nobody becomes another user by changing theirs.
    """
    granted = _granted(claims.permissions)
    name = f"core-{claims.installation_id}-{claims.user_id}"
    user, created = User.objects.get_or_create(username=name)
    if created:
        user.set_unusable_password()
    elif not user.is_active:
        return None
    user.email, user.is_staff, user.is_superuser = claims.email, bool(granted), False
    user.save()
    user.user_permissions.set(granted)
    user.groups.clear()
    audit.record(
        actor=f"admin:{user.pk}",
        action="admin.signed_in_by_core",
        subject=f"user:{user.pk}",
        detail={"permissions": sorted(claims.permissions & PERMISSIONS.keys())},
    )
    return user if granted else None


def _granted(names: frozenset[str]) -> list[Permission]:
    wanted = Q(pk=None)
    for name in names & PERMISSIONS.keys():
        for label, actions in PERMISSIONS[name].items():
            app, model = label.split(".")
            # A permission of our own has a name of its own.
            codes = [action if "_" in action else f"{action}_{model}" for action in actions]
            wanted |= Q(content_type__app_label=app, codename__in=codes)
    return list(Permission.objects.filter(wanted))
