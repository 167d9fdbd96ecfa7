"""The inbox: what the core told us, kept until it is handled."""

from django.db import models
from django.db.models import Q

from kernel import clock


class InboxEvent(models.Model):
    """One delivery of the core. `due_at` in the future means: leased by a worker, or waiting after a failure."""

    class State(models.TextChoices):
        WAITING = "WAITING"
        HANDLED = "HANDLED"
        FAILED = "FAILED"

    event = models.CharField(max_length=100, help_text="Saleor's name of the event, for instance product_updated.")
    digest = models.CharField(max_length=64, help_text="SHA-256 that tells this delivery from others.")
    object_key = models.CharField(max_length=255, help_text="The object it is about; its events keep their order.")
    payload = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    received_at = models.DateTimeField(default=clock.now, db_index=True)
    due_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveIntegerField(default=0)
    holder = models.UUIDField(null=True)
    last_error = models.TextField(blank=True)
    handled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "event from the core"
        verbose_name_plural = "events from the core"
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
