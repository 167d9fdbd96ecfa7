"""Tables of merchandising. Rows are written by `services` alone, each change with a revision.

`channel` is the slug of a sales channel of the core, empty for all; it is no foreign key, since a set-up may be
prepared or imported before the channel is read from the core. Lists are JSON; `validation` says what may stand in them.
A constraint's `violation_error_code` is the column that the refusal is told at.
"""

import uuid
from decimal import Decimal
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel import clock
from plugins.merchandising import validation as valid


class Configured(models.Model):
    """Something that merchandisers set up. `natural_key` names it in exports and in its history."""

    natural_key_fields: ClassVar[tuple[str, ...]]

    class Meta:
        abstract = True

    @property
    def label(self) -> str:
        """Its natural key in one text: "screen_inches", or "cn/price" in a channel."""
        return "/".join(str(getattr(self, name)) for name in self.natural_key_fields if getattr(self, name))

    @classmethod
    def columns(cls) -> list[Any]:
        """What is configured: every column but the primary key."""
        return [column for column in cls._meta.concrete_fields if not column.primary_key]


class Synonyms(Configured):
    """Words that mean the same to those who search."""

    natural_key_fields = ("code",)

    class Kind(models.TextChoices):
        TWO_WAY = "TWO_WAY", _("All words find each other")
        ONE_WAY = "ONE_WAY", _("The words typed also find the others")

    class Language(models.TextChoices):
        ANY = "", _("Any language")
        ENGLISH = "en", _("English")
        CHINESE = "zh-hans", _("Simplified Chinese")

    code = models.SlugField(_("code"), max_length=100, unique=True)
    channel = models.CharField(_("sales channel of the core"), max_length=255, blank=True, default="")
    language = models.CharField(
        _("language"), max_length=10, choices=Language, blank=True, default="", help_text=_("Of those who search.")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.TWO_WAY)
    sources = models.JSONField(_("words typed"), default=list, blank=True, validators=[valid.phrases])
    terms = models.JSONField(_("words found"), default=list, validators=[valid.phrases])
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="TWO_WAY", sources=[]) | (Q(kind="ONE_WAY") & ~Q(sources=[])),
                name="merchandising_one_way_has_sources",
                violation_error_code="sources",
                violation_error_message=_("Only synonyms of one way have words typed, and they need some."),
            ),
            models.CheckConstraint(condition=~Q(terms=[]), name="merchandising_synonyms_have_terms"),
        ]

    def __str__(self) -> str:
        terms = ", ".join(self.terms)
        return terms if self.kind == self.Kind.TWO_WAY else f"{', '.join(self.sources)} → {terms}"


class DimensionSetup(Configured):
    """How an attribute of the catalogue is offered for narrowing a result."""

    natural_key_fields = ("channel", "name")

    class Kind(models.TextChoices):
        TERMS = "TERMS", _("Values")
        HIERARCHY = "HIERARCHY", _("Tree")
        RANGE = "RANGE", _("Numbers in groups")
        BOOLEAN = "BOOLEAN", _("Yes or no")

    class Order(models.TextChoices):
        COUNT = "COUNT", _("Most products first")
        RANK = "RANK", _("As listed below, then most products first")
        LABEL = "LABEL", _("By name")
        SIZE = "SIZE", _("By size, as 64 GB before 1 TB")

    name = models.CharField(
        _("name"),
        max_length=100,
        validators=[valid.name],
        help_text=_("As programs call it, for example screen_inches."),
    )
    attribute = models.CharField(
        _("attribute"), max_length=255, help_text=_("Slug of the attribute in the catalogue, often the same.")
    )
    channel = models.CharField(
        _("sales channel of the core"),
        help_text=_("A set-up for a channel goes before the general one."),
        max_length=255,
        blank=True,
        default="",
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.TERMS)
    label_en = models.CharField(_("label in English"), max_length=100)
    label_zh = models.CharField(_("label in Chinese"), max_length=100, blank=True)
    unit_en = models.CharField(_("unit in English"), max_length=20, blank=True)
    unit_zh = models.CharField(_("unit in Chinese"), max_length=20, blank=True)
    bounds = models.JSONField(
        _("groups"),
        default=list,
        blank=True,
        validators=[valid.bounds],
    )
    order = models.CharField(_("order of values"), max_length=5, choices=Order, default=Order.COUNT)
    ranked_values = models.JSONField(_("values in order"), default=list, blank=True, validators=[valid.texts])
    position = models.PositiveIntegerField(_("position"), default=100, help_text=_("Dimensions with less come first."))
    is_shown = models.BooleanField(_("shown"), default=True)
    categories = models.JSONField(_("only in categories"), default=list, blank=True, validators=[valid.texts])
    value_limit = models.PositiveSmallIntegerField(
        _("values shown at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("The rest is shown on demand. Empty means all."),
    )
    show_empty = models.BooleanField(
        _("keep empty values"), default=False, help_text=_("Values without a product stay, but cannot be chosen.")
    )

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering = ["position", "name", "channel"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "channel"],
                name="merchandising_dimension_once",
                violation_error_code="name",
                violation_error_message=_("This dimension is already set up for this channel."),
            ),
            models.CheckConstraint(
                condition=Q(kind="RANGE") | Q(bounds=[]),
                name="merchandising_only_ranges_have_bounds",
                violation_error_code="bounds",
                violation_error_message=_("Only numbers have groups."),
            ),
            models.CheckConstraint(
                condition=Q(value_limit__isnull=True) | Q(value_limit__gte=1), name="merchandising_value_limit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label_en} ({self.label})"


class PrecedenceRule(Configured):
    """A dimension that is shown only after choices in others, all that the rule names; of several one is enough."""

    natural_key_fields = ("code",)

    code = models.SlugField(_("code"), max_length=100, unique=True)
    channel = models.CharField(_("sales channel of the core"), max_length=255, blank=True, default="")
    dimension = models.CharField(_("dimension shown"), max_length=100, validators=[valid.name])
    trigger = models.CharField(_("after a choice in"), max_length=100, validators=[valid.name])
    values = models.JSONField(_("of these values"), default=list, blank=True, validators=[valid.texts])
    also = models.JSONField(_("and after choices in"), default=dict, blank=True, validators=[valid.refinements])

    class Meta:
        verbose_name = _("precedence rule")
        verbose_name_plural = _("precedence rules")
        ordering = ["dimension", "code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(dimension=F("trigger")),
                name="merchandising_no_dimension_before_itself",
                violation_error_code="trigger",
                violation_error_message=_("A dimension cannot wait for itself."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.trigger} → {self.dimension}"


class Rule(Configured):
    """One thing that merchandisers want of certain searches, and which searches these are."""

    natural_key_fields = ("code",)

    class Kind(models.TextChoices):
        PIN = "PIN", _("Pin products to places")
        BOOST = "BOOST", _("Boost products")
        BURY = "BURY", _("Bury products")
        HIDE = "HIDE", _("Hide products")
        SPOTLIGHT = "SPOTLIGHT", _("Place a spotlight")
        REDIRECT = "REDIRECT", _("Redirect to a page")

    class MatchMode(models.TextChoices):
        NONE = "NONE", _("Whatever is searched for")
        EXACT = "EXACT", _("The whole search is one of the phrases")
        PHRASE = "PHRASE", _("The search contains one of the phrases")
        ALL = "ALL", _("The search has all words of one of the phrases")

    code = models.SlugField(_("code"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    channel = models.CharField(_("sales channel of the core"), max_length=255, blank=True, default="")
    priority = models.PositiveSmallIntegerField(
        _("priority"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("1 comes first. Where rules contradict each other, the first decides."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    kind = models.CharField(_("what it does"), max_length=10, choices=Kind)

    match_mode = models.CharField(_("which searches"), max_length=6, choices=MatchMode, default=MatchMode.PHRASE)
    phrases = models.JSONField(_("phrases"), default=list, blank=True, validators=[valid.phrases])
    categories = models.JSONField(_("categories"), default=list, blank=True, validators=[valid.texts])
    refinements = models.JSONField(_("choices"), default=dict, blank=True, validators=[valid.refinements])
    store_ids = models.JSONField(_("stores"), default=list, blank=True, validators=[valid.texts])
    sales_channels = models.JSONField(_("sales channels"), default=list, blank=True, validators=[valid.texts])
    segments = models.JSONField(_("customer segments"), default=list, blank=True, validators=[valid.texts])
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)

    products = models.JSONField(_("products"), default=list, blank=True, validators=[valid.products])
    conditions = models.JSONField(_("products that are"), default=dict, blank=True, validators=[valid.conditions])
    factor = models.DecimalField(_("factor"), max_digits=4, decimal_places=2, null=True, blank=True)
    title_en = models.CharField(_("title in English"), max_length=100, blank=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=100, blank=True)
    query = models.CharField(_("filled by the search"), max_length=200, blank=True)
    limit = models.PositiveSmallIntegerField(_("products shown at most"), null=True, blank=True)
    url = models.CharField(
        _("page"),
        max_length=500,
        blank=True,
        validators=[RegexValidator(valid.SHOP_PATH, _("Give a path inside the shop, such as /stores."))],
        help_text=_("A path inside the shop, such as /stores."),
    )

    class Meta:
        verbose_name = _("search rule")
        verbose_name_plural = _("search rules")
        ordering = ["priority", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(match_mode="NONE", phrases=[]) | (~Q(match_mode="NONE") & ~Q(phrases=[])),
                name="merchandising_rule_phrases",
                violation_error_code="phrases",
                violation_error_message=_("Give phrases, or let the rule apply whatever is searched for."),
            ),
            models.CheckConstraint(condition=Q(priority__range=(1, 100)), name="merchandising_rule_priority"),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(starts_at__lt=F("ends_at")),
                name="merchandising_rule_ends_after_it_begins",
                violation_error_code="ends_at",
                violation_error_message=_("The rule would end before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(kind="BOOST", factor__isnull=False, factor__gt=1, factor__lte=10)
                | Q(kind="BURY", factor__isnull=False, factor__gte=Decimal("0.1"), factor__lt=1)
                | (~Q(kind__in=["BOOST", "BURY"]) & Q(factor__isnull=True)),
                name="merchandising_rule_factor",
                violation_error_code="factor",
                violation_error_message=_("Boost with a factor above 1 up to 10, bury with one from 0.1 to below 1."),
            ),
            models.CheckConstraint(
                condition=(Q(kind="REDIRECT", url__regex=valid.SHOP_PATH) & ~Q(match_mode="NONE"))
                | (~Q(kind="REDIRECT") & Q(url="")),
                name="merchandising_rule_redirect",
                violation_error_code="url",
                violation_error_message=_("A redirect needs phrases and the path of a page; other rules have no page."),
            ),
            models.CheckConstraint(
                condition=(Q(kind="SPOTLIGHT", limit__isnull=False, limit__range=(1, 24)) & ~Q(title_en=""))
                | (~Q(kind="SPOTLIGHT") & Q(limit__isnull=True, title_en="", title_zh="", query="")),
                name="merchandising_rule_spotlight",
                violation_error_code="title_en",
                violation_error_message=_(
                    "A spotlight needs a title and shows 1 to 24 products; other rules have neither."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["PIN", "HIDE"]) | (~Q(products=[]) & Q(conditions={})),
                name="merchandising_rule_names_products",
                violation_error_code="products",
                violation_error_message=_("Name the products to pin or to hide, one by one."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["BOOST", "BURY"]) | ~Q(products=[]) | ~Q(conditions={}),
                name="merchandising_rule_weighs_something",
                violation_error_code="products",
                violation_error_message=_("Name products, or say which products are meant."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="REDIRECT") | Q(products=[], conditions={}),
                name="merchandising_rule_redirect_alone",
                violation_error_code="products",
                violation_error_message=_("A redirect has no products."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Revision(models.Model):
    """One change of one row: who, when, and the row before and after. Never changed: the database refuses."""

    class Action(models.TextChoices):
        CREATED = "CREATED", _("Created")
        CHANGED = "CHANGED", _("Changed")
        DELETED = "DELETED", _("Deleted")

    class Origin(models.TextChoices):
        EDIT = "EDIT", _("Edited")
        IMPORT = "IMPORT", _("Imported")
        UNDO = "UNDO", _("Undone")

    at = models.DateTimeField(_("when"), default=clock.now, db_index=True)
    actor = models.CharField(_("who"), max_length=255)
    model = models.CharField(_("what"), max_length=20)
    row_id = models.BigIntegerField(_("row"))
    label = models.CharField(_("name"), max_length=400)
    action = models.CharField(_("what was done"), max_length=8, choices=Action)
    origin = models.CharField(_("by"), max_length=8, choices=Origin, default=Origin.EDIT)
    before = models.JSONField(_("before"), null=True)
    after = models.JSONField(_("after"), null=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    undoes = models.ForeignKey("self", verbose_name=_("undoes"), on_delete=models.PROTECT, null=True)
    run = models.UUIDField(
        _("run"), null=True, db_index=True, help_text=_("Changes of one import, or of its undoing, have it in common.")
    )

    class Meta:
        verbose_name = _("change of the search")
        verbose_name_plural = _("changes of the search")
        ordering = ["-id"]
        indexes = [models.Index(fields=["model", "row_id", "id"], name="merchandising_history")]
        constraints = [
            models.CheckConstraint(
                condition=Q(action="CREATED", before__isnull=True, after__isnull=False)
                | Q(action="CHANGED", before__isnull=False, after__isnull=False)
                | Q(action="DELETED", before__isnull=False, after__isnull=True),
                name="merchandising_revision_sides",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}: {self.label}"


class Version(models.Model):
    """One row: the number of the last change. Its lock puts all writers in one line."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    token = models.UUIDField(default=uuid.uuid4, help_text="Differs after each change; never comes back")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="merchandising_one_version")]

    def __str__(self) -> str:
        return str(self.seq)
