from django.db import models
from django.utils import timezone

from embedded_core.models.account import App


class WebhookDelivery(models.Model):
    """One event on its way to one app; written in the transaction of the change that it tells about."""

    class State(models.TextChoices):
        PENDING = "PENDING"
        DELIVERED = "DELIVERED"
        FAILED = "FAILED"

    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=60)
    # The very bytes that are signed and sent.
    payload = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    last_error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "webhook deliveries"
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], name="due_deliveries", condition=models.Q(state="PENDING"))
        ]


class Fault(models.Model):
    """A failure asked for by a test: it strikes the next `remaining` requests (or deliveries) that it names."""

    class Kind(models.TextChoices):
        LATENCY = "latency"
        ERROR = "error"
        LOST_REPLY = "lost_reply"
        REFUSED = "refused"
        WEBHOOK_DUPLICATE = "webhook_duplicate"
        WEBHOOK_SHUFFLE = "webhook_shuffle"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    # An operation's name, a webhook's event name, or "*" for any.
    operation = models.CharField(max_length=100, default="*")
    remaining = models.PositiveIntegerField(default=1)
    seconds = models.FloatField(default=0)
    status = models.PositiveIntegerField(default=503)
    struck = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["pk"]
