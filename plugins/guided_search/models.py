"""What each server process says of its indexes, so that people see how far a rebuild is. Rows are written by
`reports`."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel import clock

ALIVE_WITHIN = timedelta(minutes=1)


class IndexReport(models.Model):
    """The index of one channel in one process, as that process reported it last."""

    class State(models.TextChoices):
        BUILDING = "BUILDING", _("Building")
        READY = "READY", _("Ready")
        FAILED = "FAILED", _("Failed")

    process = models.CharField(_("process"), max_length=100, help_text=_("Machine and process number"))
    channel = models.CharField(_("sales channel of the core"), max_length=255)
    state = models.CharField(_("state"), max_length=8, choices=State)
    whole = models.BooleanField(_("built anew"), help_text=_("False when only what changed was taken in"))
    read = models.PositiveIntegerField(_("products read"), default=0)
    total = models.PositiveIntegerField(_("products to read"), default=0)
    products = models.PositiveIntegerField(_("products in the index"), default=0)
    bytes = models.PositiveBigIntegerField(_("memory in bytes"), default=0)
    started_at = models.DateTimeField(_("begun"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    seen_at = models.DateTimeField(_("last sign of life"))
    # Unlike `started_at` it stays when only what changed is taken in: the index holds all that was there then.
    built_at = models.DateTimeField(
        _("built anew since"),
        null=True,
        blank=True,
        help_text=_("When the last whole build that came to its end began"),
    )

    class Meta:
        verbose_name = _("search index")
        verbose_name_plural = _("search indexes")
        constraints = [
            models.UniqueConstraint(fields=["process", "channel"], name="guided_search_report_once"),
            models.CheckConstraint(condition=models.Q(read__lte=models.F("total")), name="guided_search_read_of_total"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} in {self.process}"

    @property
    def is_alive(self) -> bool:
        """Whether the process was heard within the last minute: each tells four times a minute that it lives."""
        return clock.now() - self.seen_at < ALIVE_WITHIN
