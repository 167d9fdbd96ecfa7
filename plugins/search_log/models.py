"""Sums of searches and of opened results by day (UTC). Rows are written by `services` alone."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plugins.catalogue.models import SalesChannel
from plugins.search_log import texts

# Said again by the database, so that no other writer can keep a person's number or address.
_NO_CODE = ~Q(text__contains="@") & ~Q(text__regex=r"([0-9][^0-9]*){7}")
_WORDS_OR_CLASS = (Q(text_class="TEXT") & ~Q(text="")) | (~Q(text_class="TEXT") & Q(text=""))


class TextClass(models.TextChoices):
    """What kind of text was searched; only a TEXT is kept by its words."""

    TEXT = texts.TextClass.TEXT.value, _("Text")
    CODE = texts.TextClass.CODE.value, _("Number or address")
    LONG = texts.TextClass.LONG.value, _("Long text")
    RARE = texts.TextClass.RARE.value, _("Rare text")


class Outcome(models.TextChoices):
    """What came of a search. The first that holds: sent to a page, nothing found, corrected, relaxed, found."""

    FOUND = "FOUND", _("Found")
    CORRECTED = "CORRECTED", _("Found after a correction")
    RELAXED = "RELAXED", _("Found with fewer words")
    NOTHING = "NOTHING", _("Nothing found")
    REDIRECTED = "REDIRECTED", _("Sent to a page")


class Source(models.TextChoices):
    """Where a product was opened."""

    RESULTS = "RESULTS", _("Results")
    TYPEAHEAD = "TYPEAHEAD", _("Suggestions")
    SPOTLIGHT = "SPOTLIGHT", _("Spotlight")


class Counted(models.Model):
    """What both sums are kept by. The channel is the core's slug: its statistics stay when it goes."""

    day = models.DateField(_("day"))
    channel = models.CharField(_("sales channel of the core"), max_length=255)
    sales_channel = models.CharField(_("sales channel"), max_length=16, choices=SalesChannel)
    language = models.CharField(_("language"), max_length=16, blank=True)
    text = models.CharField(_("text"), max_length=texts.MAX_CHARACTERS, blank=True)
    text_class = models.CharField(_("kind of text"), max_length=4, choices=TextClass)

    class Meta:
        abstract = True


class SearchCount(Counted):
    """How often a text was searched in a day, with what outcome."""

    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    searches = models.PositiveBigIntegerField(_("searches"))

    class Meta:
        verbose_name = _("searches of a day")
        verbose_name_plural = _("search reports")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "channel", "sales_channel", "language", "text", "text_class", "outcome"],
                name="search_log_search_once",
            ),
            models.CheckConstraint(condition=_NO_CODE, name="search_log_search_no_code"),
            models.CheckConstraint(condition=_WORDS_OR_CLASS, name="search_log_search_words_or_class"),
        ]
        indexes = [models.Index(fields=["channel", "text", "day"], name="search_log_search_text")]

    def __str__(self) -> str:
        return f"{self.day} {self.text or self.text_class} {self.outcome}: {self.searches}"


class ClickCount(Counted):
    """How often a product was opened from a text in a day. The mean position is `position_sum` by `clicks`."""

    product_id = models.CharField(_("product"), max_length=64)
    source = models.CharField(_("opened from"), max_length=9, choices=Source)
    clicks = models.PositiveBigIntegerField(_("clicks"))
    position_sum = models.PositiveBigIntegerField(_("sum of positions"))

    class Meta:
        verbose_name = _("clicks of a day")
        verbose_name_plural = _("clicks")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "channel", "sales_channel", "language", "text", "text_class", "product_id", "source"],
                name="search_log_click_once",
            ),
            models.CheckConstraint(condition=_NO_CODE, name="search_log_click_no_code"),
            models.CheckConstraint(condition=_WORDS_OR_CLASS, name="search_log_click_words_or_class"),
        ]
        indexes = [models.Index(fields=["channel", "text", "day"], name="search_log_click_text")]

    def __str__(self) -> str:
        return f"{self.day} {self.text or self.text_class} {self.product_id}: {self.clicks}"
