"""Tables of offers, their versions, and what is known of who buys."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import clock


class Offer(models.Model):
    """What is sold together, in one channel of the core. `current` is the version that is sold now."""

    code = models.SlugField(_("code"), max_length=64, primary_key=True)
    channel = models.ForeignKey(
        "catalogue.Channel", verbose_name=_("sales channel of the core"), on_delete=models.PROTECT, related_name="+"
    )
    current = models.ForeignKey(
        "OfferVersion", verbose_name=_("sold now"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    position = models.PositiveIntegerField(_("position"), default=100)
    created_at = models.DateTimeField(_("created"), default=clock.now)

    class Meta:
        verbose_name = _("offer")
        verbose_name_plural = _("offers")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class OfferVersion(models.Model):
    """A version of an offer. Once published it is never changed: the database refuses it."""

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Draft")
        SCHEDULED = "SCHEDULED", _("Scheduled")
        PUBLISHED = "PUBLISHED", _("Published")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offer = models.ForeignKey(Offer, verbose_name=_("offer"), on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    document = models.JSONField(_("document"))
    test_cases = models.JSONField(_("test cases"), default=list, blank=True)
    revision = models.PositiveIntegerField(_("times saved"), default=1)
    note = models.CharField(_("note"), max_length=200, blank=True)
    publish_at = models.DateTimeField(_("to be published"), null=True, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    refused = models.TextField(_("why it was not published"), blank=True)
    saved_by = models.CharField(_("saved by"), max_length=120, blank=True)
    saved_at = models.DateTimeField(_("saved"), default=clock.now)

    class Meta:
        verbose_name = _("version of an offer")
        verbose_name_plural = _("versions of offers")
        ordering = ["offer", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "number"], name="bundles_version_number"),
            models.UniqueConstraint(
                fields=["offer"], condition=~Q(state="PUBLISHED"), name="bundles_one_version_in_work"
            ),
            models.CheckConstraint(
                condition=~Q(state="SCHEDULED") | Q(publish_at__isnull=False), name="bundles_scheduled_has_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="PUBLISHED") | Q(published_at__isnull=False), name="bundles_published_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} {self.number}"


class Publication(models.Model):
    """Which version came to be sold, when and by whom; none for a withdrawal. Append-only."""

    class Kind(models.TextChoices):
        PUBLISHED = "PUBLISHED", _("Published")
        ROLLED_BACK = "ROLLED_BACK", _("Back to the version before")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    offer = models.ForeignKey(Offer, verbose_name=_("offer"), on_delete=models.PROTECT, related_name="publications")
    version = models.ForeignKey(
        OfferVersion, verbose_name=_("version"), on_delete=models.PROTECT, null=True, related_name="publications"
    )
    kind = models.CharField(_("what happened"), max_length=12, choices=Kind.choices)
    actor = models.CharField(_("who"), max_length=120)
    at = models.DateTimeField(_("when"), default=clock.now)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.offer_id}: {self.kind}"


class BuyerProfile(models.Model):
    """What the operator knows of a shopper and no client may say: it decides which offers there are."""

    shopper_id = models.CharField(_("shopper"), max_length=64, primary_key=True)
    segment = models.CharField(_("segment"), max_length=100, blank=True)
    credit_class = models.CharField(_("credit class"), max_length=100, blank=True)
    born_on = models.DateField(_("born on"), null=True, blank=True)
    updated_at = models.DateTimeField(_("changed"), default=clock.now)

    class Meta:
        verbose_name = _("buyer profile")
        verbose_name_plural = _("buyer profiles")

    def __str__(self) -> str:
        return self.shopper_id
