"""What the core told us, kept until it is handled, and the cores in which the suite is installed."""

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


class CoreInstallation(models.Model):
    """A core in which the suite is installed as an App, or may be. At most one is ACTIVE: the suite's rows are its."""

    class State(models.TextChoices):
        EXPECTED = "EXPECTED", _("Allowed, not installed yet")
        ACTIVE = "ACTIVE", _("In use")
        STANDBY = "STANDBY", _("Installed, not in use")
        DISCONNECTED = "DISCONNECTED", _("Disconnected")

    api_url = models.CharField(
        _("GraphQL address"), max_length=255, unique=True, help_text=_("For instance https://shop.example.com/graphql/")
    )
    domain = models.CharField(_("domain"), max_length=255, blank=True, editable=False)
    dashboard_origin = models.CharField(
        _("dashboard"),
        max_length=255,
        blank=True,
        help_text=_("Where its dashboard is opened, which may then show this admin. Empty: at the core's own address."),
    )
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.EXPECTED, editable=False)
    app_id = models.CharField(_("App in the core"), max_length=255, blank=True, editable=False)
    token = models.TextField(_("token"), blank=True, editable=False)  # sealed: see `secret_tokens`
    core_version = models.CharField(_("version of the core"), max_length=40, blank=True, editable=False)
    schema_version = models.CharField(_("schema of the core"), max_length=20, blank=True, editable=False)
    installed_at = models.DateTimeField(_("installed"), null=True, blank=True, editable=False)
    refused_at = models.DateTimeField(_("token refused since"), null=True, blank=True, editable=False)
    disconnected_at = models.DateTimeField(_("disconnected"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("allowed"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("commerce core")
        verbose_name_plural = _("commerce cores")
        ordering = ("api_url",)
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="ACTIVE"), name="core_one_active"),
            models.CheckConstraint(
                condition=Q(state__in=["ACTIVE", "STANDBY"]) ^ Q(token=""), name="core_token_while_installed"
            ),
        ]

    def __str__(self) -> str:
        return self.domain or self.api_url

    @property
    def installed(self) -> bool:
        """Whether we have a token to it."""
        return self.state in (self.State.ACTIVE, self.State.STANDBY)
