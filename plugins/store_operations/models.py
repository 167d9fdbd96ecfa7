"""What store staff did with stock."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock


class StoreAct(models.Model):
    """An act of store staff, written in the transaction that carried it out; never changed (see kernel.append_only).

    `client_id` is the id that the device made, `fingerprint` a digest of all that it told, `outcome` what it was
    answered: ids and numbers, never a name.
    """

    client_id = models.UUIDField(_("id of the device"), unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=60)
    store = models.ForeignKey("inventory.Store", verbose_name=_("store"), on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(_("actor"), max_length=120)
    occurred_at = models.DateTimeField(_("happened"), help_text=_("By the device's clock."))
    recorded_at = models.DateTimeField(_("recorded"), default=clock.now)
    fingerprint = models.CharField(max_length=64, editable=False)
    outcome = models.JSONField(_("outcome"), default=dict)

    class Meta:
        verbose_name = _("act with stock")
        verbose_name_plural = _("acts with stock")
        ordering = ["-recorded_at", "-id"]
        indexes = [models.Index(fields=["store", "-recorded_at"], name="store_act_of_store")]

    def __str__(self) -> str:
        return f"{self.kind} {self.client_id}"
