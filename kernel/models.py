"""The kernel's tables: keys of repeated requests, the outbox, sagas and their steps, the audit trail."""

from django.db import models
from django.db.models import Q

from kernel import clock


class IdempotencyKey(models.Model):
    """A request that was made, by scope (the caller) and key. `finished_at` is null only while a lease holds it."""

    scope = models.CharField(max_length=255)
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=128)
    body = models.JSONField(null=True)
    holder = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now, db_index=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_scope_key")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class OutboxMessage(models.Model):
    """An event that left with its transaction. Undelivered rows of one aggregate are handled in order of id."""

    topic = models.CharField(max_length=100)
    aggregate = models.CharField(max_length=255)
    payload = models.JSONField()
    created_at = models.DateTimeField(default=clock.now)
    next_attempt_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveIntegerField(default=0)
    handled = models.JSONField(default=list, help_text="Names of the handlers that have succeeded.")
    holder = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["aggregate", "id"], name="outbox_queue", condition=Q(delivered_at__isnull=True)),
            models.Index(fields=["id"], name="outbox_due", condition=Q(delivered_at__isnull=True)),
            models.Index(fields=["delivered_at"], name="outbox_done", condition=Q(delivered_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.topic} {self.aggregate}"


class SagaState(models.TextChoices):
    RUNNING = "RUNNING"
    COMPENSATING = "COMPENSATING"
    DONE = "DONE"
    FAILED = "FAILED"
    STUCK = "STUCK"


class Saga(models.Model):
    """One attempt at a business transaction of several side effects. A FAILED key may be attempted again."""

    kind = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    attempt = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=SagaState.choices, default=SagaState.RUNNING)
    data = models.JSONField()
    holder = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    next_attempt_at = models.DateTimeField(default=clock.now)
    tries = models.PositiveIntegerField(default=0, help_text="Tries since the last progress.")
    failures = models.PositiveIntegerField(default=0, help_text="Unexpected failures since the last progress.")
    error = models.TextField(blank=True, help_text="The refusal that made it compensate.")
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "attempt"], name="saga_attempt"),
            # Two attempts at one key never run at once, whatever the code does.
            models.UniqueConstraint(
                fields=["kind", "key"],
                name="saga_one_open",
                condition=Q(state__in=["RUNNING", "COMPENSATING", "STUCK"]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="saga_due",
                condition=Q(state__in=["RUNNING", "COMPENSATING"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} #{self.attempt} {self.state}"


class SagaStepState(models.TextChoices):
    DONE = "DONE"
    UNDONE = "UNDONE"


class SagaStep(models.Model):
    """A step that has succeeded, with its result; UNDONE once it is compensated."""

    saga = models.ForeignKey(Saga, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    state = models.CharField(max_length=6, choices=SagaStepState.choices, default=SagaStepState.DONE)
    result = models.JSONField(default=dict)
    finished_at = models.DateTimeField(default=clock.now)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["saga", "name"], name="saga_step_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"


class AuditEntry(models.Model):
    """Who did what to what. Never changed and never deleted: the database refuses."""

    at = models.DateTimeField(default=clock.now, db_index=True)
    actor = models.CharField(max_length=255, db_index=True)
    action = models.CharField(max_length=100, db_index=True)
    subject = models.CharField(max_length=255, db_index=True)
    detail = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.action} {self.subject}"
