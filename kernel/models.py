"""The kernel's tables: keys of repeated requests, the outbox, sagas and their steps, the audit trail."""

from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.sealing import SealedJSONField


class IdempotencyKey(models.Model):
    """A request that was made, by scope (the caller) and key. `finished_at` is null only while a lease holds it."""

    scope = models.CharField(_("scope"), max_length=255)
    key = models.CharField(_("key"), max_length=255)
    digest = models.CharField(_("digest"), max_length=128)
    # An answer may show what is the customer's own.
    body = SealedJSONField(null=True, purpose="kernel.idempotency")
    holder = models.UUIDField(null=True)
    lease_until = models.DateTimeField(_("leased until"), null=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, db_index=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_scope_key")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class OutboxMessage(models.Model):
    """An event that left with its transaction. Undelivered rows of one aggregate are handled in order of id."""

    topic = models.CharField(_("topic"), max_length=100)
    aggregate = models.CharField(_("about"), max_length=255)
    payload = models.JSONField(_("contents"))
    created_at = models.DateTimeField(_("created"), default=clock.now)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=clock.now)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    handled = models.JSONField(_("handled by"), default=list, help_text=_("Names of the handlers that have succeeded."))
    holder = models.UUIDField(_("holder"), null=True)
    lease_until = models.DateTimeField(_("leased until"), null=True)
    last_error = models.TextField(_("last error"), blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)
    # The request it comes from, for logs and traces. The default is the database's: the version before knows no such
    # column, and goes on writing while the tables are already those of this one.
    origin = models.JSONField(_("comes from"), default=dict, db_default=Value({}, output_field=models.JSONField()))

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        indexes = [
            models.Index(fields=["aggregate", "id"], name="outbox_queue", condition=Q(delivered_at__isnull=True)),
            models.Index(fields=["id"], name="outbox_due", condition=Q(delivered_at__isnull=True)),
            models.Index(fields=["delivered_at"], name="outbox_done", condition=Q(delivered_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.topic} {self.aggregate}"


class SagaState(models.TextChoices):
    RUNNING = "RUNNING", _("Running")
    COMPENSATING = "COMPENSATING", _("Compensating")
    DONE = "DONE", _("Done")
    FAILED = "FAILED", _("Failed")
    STUCK = "STUCK", _("Stuck")


class Saga(models.Model):
    """One attempt at a business transaction of several side effects. A FAILED key may be attempted again."""

    kind = models.CharField(_("kind"), max_length=100)
    key = models.CharField(_("key"), max_length=255)
    attempt = models.PositiveIntegerField(_("attempt"), default=1)
    state = models.CharField(_("state"), max_length=12, choices=SagaState.choices, default=SagaState.RUNNING)
    data = models.JSONField(_("data"))
    holder = models.UUIDField(_("holder"), null=True)
    lease_until = models.DateTimeField(_("leased until"), null=True)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=clock.now)
    tries = models.PositiveIntegerField(_("tries"), default=0, help_text=_("Tries since the last progress."))
    failures = models.PositiveIntegerField(
        _("failures"), default=0, help_text=_("Unexpected failures since the last progress.")
    )
    error = models.TextField(_("refusal"), blank=True, help_text=_("The refusal that made it compensate."))
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created"), default=clock.now)
    finished_at = models.DateTimeField(_("finished"), null=True)

    # In memory alone: begun just now, so that it has no steps yet to be read.
    is_new = False

    class Meta:
        verbose_name = _("saga")
        verbose_name_plural = _("sagas")
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
    DONE = "DONE", _("Done")
    UNDONE = "UNDONE", _("Undone")


class SagaStep(models.Model):
    """A step that has succeeded, with its result; UNDONE once it is compensated."""

    saga = models.ForeignKey(Saga, verbose_name=_("saga"), on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveIntegerField(_("position"))
    name = models.CharField(_("name"), max_length=100)
    state = models.CharField(_("state"), max_length=6, choices=SagaStepState.choices, default=SagaStepState.DONE)
    result = models.JSONField(_("result"), default=dict)
    finished_at = models.DateTimeField(_("finished"), default=clock.now)
    undone_at = models.DateTimeField(_("undone"), null=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["saga", "name"], name="saga_step_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"


class AuditEntry(models.Model):
    """Who did what to what. Never changed and never deleted: the database refuses."""

    at = models.DateTimeField(_("when"), default=clock.now, db_index=True)
    actor = models.CharField(_("actor"), max_length=255, db_index=True)
    action = models.CharField(_("action"), max_length=100, db_index=True)
    subject = models.CharField(_("subject"), max_length=255, db_index=True)
    detail = models.JSONField(_("detail"), default=dict)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.action} {self.subject}"
