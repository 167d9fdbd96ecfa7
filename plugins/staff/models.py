"""Staff, the registers they sign in at, and the count of wrong PINs."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import ids
from plugins.staff.permissions import CLERK, MANAGER


def _new_register_id() -> str:
    return str(ids.new_uuid())


class StaffMember(models.Model):
    """A person who works in the stores. `stores` empty means every store."""

    code = models.CharField(_("staff code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(
        _("role"), max_length=10, choices=[(CLERK, _("Clerk")), (MANAGER, _("Manager"))], default=CLERK
    )
    pin_hash = models.CharField(max_length=200, editable=False)
    stores = models.ManyToManyField(
        "inventory.Store", verbose_name=_("stores"), blank=True, help_text=_("None chosen means every store.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(
        _("demonstration"), default=False, editable=False, help_text=_("Refused when DEBUG is off.")
    )

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Register(models.Model):
    """A till in a store. Its token is shown once when it is made; only the token's hash is kept."""

    id = models.CharField(primary_key=True, max_length=40, default=_new_register_id, editable=False)
    store = models.ForeignKey(
        "inventory.Store", verbose_name=_("store"), on_delete=models.PROTECT, related_name="registers"
    )
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=120, blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(_("demonstration"), default=False, editable=False)

    class Meta:
        verbose_name = _("register")
        verbose_name_plural = _("registers")
        ordering = ["store", "code"]
        constraints = [models.UniqueConstraint(fields=["store", "code"], name="staff_register_code_once_per_store")]

    def __str__(self) -> str:
        return self.name or self.code


class PinAttempts(models.Model):
    """Wrong PINs in a row for one staff code, whether or not anybody has that code.

    Counting for unknown codes too keeps an outsider from finding out which codes exist.
    """

    code = models.CharField(primary_key=True, max_length=64)
    failed = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "pin attempts"

    def __str__(self) -> str:
        return f"{self.code}: {self.failed}"
