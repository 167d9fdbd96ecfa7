"""The inbox: what the core told us, kept until it is handled."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import clock


class InboxEvent(models.Model):
    """One delivery of the core. `due_at` in the future means: leased by a worker, or waiting after a failure."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        HANDLED = "HANDLED", _("Handled")
        FAILED = "FAILED", _("Failed")

    event = models.CharField(
        _("event"), max_length=100, help_text=_("Saleor's name of the event, for instance product_updated.")
    )
    digest = models.CharField(_("digest"), max_length=64, help_text=_("SHA-256 that tells this delivery from others."))
    object_key = models.CharField(
        _("about"), max_length=255, help_text=_("The object it is about; its events keep their order.")
    )
    payload = models.JSONField(_("contents"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    received_at = models.DateTimeField(_("received"), default=clock.now, db_index=True)
    due_at = models.DateTimeField(_("due"), default=clock.now)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    holder = models.UUIDField(_("holder"), null=True)
    last_error = models.TextField(_("last error"), blank=True)
    handled_at = models.DateTimeField(_("handled"), null=True)

    class Meta:
        verbose_name = _("event from the core")
        verbose_name_plural = _("events from the core")
        constraints = [
            models.UniqueConstraint(fields=["event", "digest"], name="inbox_delivery"),
            models.CheckConstraint(
                condition=Q(state="HANDLED", handled_at__isnull=False)
                | (~Q(state="HANDLED") & Q(handled_at__isnull=True)),
                name="inbox_handled_at",
            ),
        ]
        indexes = [
            models.Index(fields=["object_key", "id"], name="inbox_order", condition=Q(state="WAITING")),
            models.Index(fields=["due_at", "id"], name="inbox_due", condition=Q(state="WAITING")),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.event} {self.object_key}"
