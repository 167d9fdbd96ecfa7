"""Tables of services that work at an address: what was promised, and whether the order waits. Part of `models`."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel import clock


class ServicePromise(models.Model):
    """The day on which services work at premises by one technology: shown in a cart, promised by its order.

    `promised_on` is the day that the customer was told last, worked out on `agreed_on`; null says that there is none.
    In an open cart `found_on` is what holds by now: where it is later or null, the customer has to be asked. The port
    is reserved under `key`.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("In a cart")
        KEPT = "KEPT", _("Promised")
        HELD = "HELD", _("On hold")
        DONE = "DONE", _("Works")
        ENDED = "ENDED", _("Cancelled")

    LIVE = (State.KEPT, State.HELD)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cart = models.ForeignKey("Cart", on_delete=models.CASCADE, null=True, related_name="promises")
    order = models.ForeignKey("Order", on_delete=models.PROTECT, null=True, related_name="promises")
    qualification_id = models.CharField(max_length=40, db_index=True)
    premises = models.ForeignKey(
        "serviceability.Premises", verbose_name=_("premises"), on_delete=models.PROTECT, related_name="+"
    )
    technology = models.CharField(_("technology"), max_length=20)
    category = models.CharField(_("category"), max_length=20)
    least_mbps = models.PositiveIntegerField(default=0)
    requested_on = models.DateField(null=True)
    first_on = models.DateField(_("promised at first"), null=True)
    promised_on = models.DateField(_("promised for"), null=True)
    found_on = models.DateField(null=True)
    agreed_on = models.DateField()
    state = models.CharField(_("state"), max_length=5, choices=State.choices, default=State.OPEN)
    released_by_hand = models.BooleanField(_("released by hand"), default=False)

    class Meta:
        verbose_name = _("promise of a service")
        verbose_name_plural = _("promises of services")
        ordering = ["order", "id"]
        indexes = [models.Index(fields=["state"], condition=Q(state__in=["KEPT", "HELD"]), name="carts_promise_live")]
        constraints = [
            models.UniqueConstraint(fields=["cart", "premises", "technology"], name="carts_promise_once_per_line"),
            models.CheckConstraint(
                condition=~Q(state__in=["KEPT", "HELD", "DONE"]) | Q(order__isnull=False), name="carts_promise_of_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.technology} {self.premises_id} {self.promised_on}"

    @property
    def key(self) -> str:
        """Under which its port is reserved."""
        return f"service/{self.pk}"


class ServiceHold(models.Model):
    """That an order waits for a line, has waited or got another day: its row comes with the first change and stays.

    `revision` counts what the customer has to hear of, `code` is the newest of it in the timeline; a message tells that
    and notes it in `told`.
    """

    order = models.OneToOneField(
        "Order", verbose_name=_("order"), on_delete=models.CASCADE, primary_key=True, related_name="hold"
    )
    is_held = models.BooleanField(_("on hold"), default=True)
    since = models.DateTimeField(_("since"), default=clock.now)
    resumes_as = models.CharField(_("goes on as"), max_length=20)
    code = models.CharField(max_length=20)
    revision = models.PositiveIntegerField(_("messages due"), default=0)
    told = models.PositiveIntegerField(_("messages sent"), default=0)

    class Meta:
        verbose_name = _("order on hold")
        verbose_name_plural = _("orders on hold")
        constraints = [models.CheckConstraint(condition=Q(told__lte=F("revision")), name="carts_told_what_was_due")]

    def __str__(self) -> str:
        return f"{self.order_id[:6]}… {self.revision}"
