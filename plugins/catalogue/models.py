"""Tables of the catalogue. Rows are written by `services` alone, from what the core says.

Ids are the core's. Nothing is deleted: a product or variant that the core no longer sells becomes inactive, since
carts, orders and registers still name it.
"""

import uuid
from decimal import Decimal

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Value
from django.utils.translation import gettext_lazy as _

from inventory.models import Store
from plugins.catalogue.localised import Localised, with_brand

# Kinds of tracking under which each unit carries an identifier of its own.
SERIAL_TRACKING = frozenset({"IMEI", "ICCID", "SERIAL"})
MAX_BARCODE_LENGTH = 64
_LANGUAGES = {"CN": "zh-hans"}


class SalesChannel(models.TextChoices):
    """Where somebody searches and buys; the names are the contract's."""

    WEB = "WEB", _("Web")
    MOBILE = "MOBILE", _("Mobile")
    POS = "POS", _("Store")
    CALL_CENTER = "CALL_CENTER", _("Call centre")
    KIOSK = "KIOSK", _("Kiosk")


class Kind(models.TextChoices):
    """What a product is to a telecom retailer."""

    DEVICE = "DEVICE", _("Device")
    PLAN = "PLAN", _("Plan")
    SERVICE = "SERVICE", _("Service")
    ACCESSORY = "ACCESSORY", _("Accessory")
    SIM = "SIM", _("SIM")
    OTHER = "OTHER", _("Other")


class Channel(models.Model):
    """A sales channel of the core: one currency, one country, one way to show prices."""

    slug = models.CharField(_("slug"), max_length=255, primary_key=True)
    name = models.CharField(_("name"), max_length=255)
    currency = models.CharField(_("currency"), max_length=3)
    country = models.CharField(_("country"), max_length=2)
    prices_include_tax = models.BooleanField(_("prices include tax"), default=False)
    warehouse_ids = models.JSONField(
        _("warehouses"),
        default=list,
        db_default=Value([], output_field=models.JSONField()),
        blank=True,
        help_text=_("Ids in the core of the warehouses that it sells from."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    read_until = models.DateTimeField(
        _("read until"), null=True, blank=True, help_text=_("Changes of the core before this moment are here.")
    )

    class Meta:
        verbose_name = _("sales channel of the core")
        verbose_name_plural = _("sales channels of the core")

    def __str__(self) -> str:
        return self.name

    def names(self, store: Store) -> bool:
        """Whether the core names the store's warehouse among those that it sells from."""
        return store.core_warehouse_id in self.warehouse_ids

    def sells_from(self, store: Store) -> bool:
        """Whether it sells what lies in the store: as the core says of the store's warehouse.

        One that names no warehouse at all sells nothing from stock. The country decides for a store that the core has
        no warehouse of.
        """
        return self.names(store) if store.core_warehouse_id else store.country == self.country

    def holds_in(self, store: Store) -> bool:
        """Whether its prices hold in the store: where it sells from it, and of one that names no warehouse where the
        store is of its country.
        """
        return self.sells_from(store) or (not self.warehouse_ids and store.country == self.country)

    @property
    def language(self) -> str:
        """The language of its receipts where nobody has chosen one."""
        return _LANGUAGES.get(self.country, "en")


class Product(Localised, models.Model):
    """What a shopper sees as one thing, with its variants."""

    id = models.CharField(max_length=64, primary_key=True)
    slug = models.CharField(_("slug"), max_length=255, db_index=True)
    name = models.CharField(_("name"), max_length=255)
    brand = models.CharField(_("brand"), max_length=255, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.OTHER)
    category_path = models.JSONField(_("category path"), default=list, help_text=_("Names from the root down"))
    category_slugs = models.JSONField(_("category slugs"), default=list, help_text=_("Slugs from the root down"))
    description = models.TextField(_("description"), blank=True)
    thumbnail_url = models.CharField(_("picture"), max_length=1024, blank=True)
    attributes = models.JSONField(_("attributes"), default=list, help_text=_("[{name, label, values}]"))
    translations = models.JSONField(_("translations"), default=dict, blank=True)
    fits = models.JSONField(_("fits"), default=list, help_text=_("Ids of the products that this accessory fits"))
    metadata = models.JSONField(_("metadata"), default=dict)
    released = models.DateField(_("released on"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    seq = models.BigIntegerField(_("change"), default=0, db_index=True, help_text=_("Number of the last change"))
    revision = models.UUIDField(
        _("revision"), default=uuid.uuid4, help_text=_("Differs after each change; never comes back")
    )
    synced_at = models.DateTimeField(_("read from the core"), help_text=_("The core was read at or after this moment"))

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        indexes = [GinIndex(fields=["fits"], name="catalogue_product_fits")]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """Brand and name, in the core's own language."""
        return with_brand(self.name, self.brand)

    def full_name_in(self, language: str) -> str:
        """Brand and name, as `language` calls them."""
        return with_brand(self.name_in(language), self.brand_in(language))

    def brand_in(self, language: str) -> str:
        """What the brand is called."""
        values = self.texts(language).get("attributes", {}).get("brand", {}).get("values")
        return str(values[0]) if values and self.brand else self.brand

    def description_in(self, language: str) -> str:
        """The description, plain text."""
        return str(self.texts(language).get("description") or self.description)

    def category_path_in(self, language: str) -> list[str]:
        """The names of its categories from the root down."""
        found: list[str] = self.texts(language).get("category_path") or self.category_path
        return found


class Variant(Localised, models.Model):
    """What is sold, counted and scanned: one SKU."""

    id = models.CharField(max_length=64, primary_key=True)
    product = models.ForeignKey(Product, verbose_name=_("product"), on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField(_("SKU"), max_length=255, db_index=True)
    name = models.CharField(_("name"), max_length=255, blank=True)
    barcode = models.CharField(
        _("barcode"), max_length=MAX_BARCODE_LENGTH, blank=True, db_index=True, help_text=_("GTIN as printed")
    )
    attributes = models.JSONField(_("attributes"), default=list, help_text=_("[{name, label, values}]"))
    translations = models.JSONField(_("translations"), default=dict, blank=True)
    image_url = models.CharField(_("picture"), max_length=1024, blank=True)
    tracking = models.CharField(_("tracking"), max_length=8, default="NONE", help_text=_("NONE, IMEI, ICCID or SERIAL"))
    stocked = models.BooleanField(_("stocked"), default=True, help_text=_("False for plans and services"))
    position = models.PositiveIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("active"), default=True)
    seq = models.BigIntegerField(
        _("change"), default=0, db_index=True, help_text=_("Number of the last change, unique")
    )

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["sku"], condition=models.Q(is_active=True), name="catalogue_variant_sku")
        ]

    def __str__(self) -> str:
        return self.sku

    @property
    def serialised(self) -> bool:
        """True when each unit is tracked by an identifier such as an IMEI."""
        return self.tracking in SERIAL_TRACKING


class ChannelListing(models.Model):
    """A variant offered in a channel. Without a price it is only sold inside a bundle."""

    variant = models.ForeignKey(Variant, verbose_name=_("variant"), on_delete=models.CASCADE, related_name="listings")
    channel = models.ForeignKey(
        Channel, verbose_name=_("sales channel of the core"), on_delete=models.CASCADE, related_name="listings"
    )
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=3, null=True)
    undiscounted_price = models.DecimalField(_("price before discount"), max_digits=12, decimal_places=3, null=True)
    tax_rate = models.DecimalField(
        _("tax rate"),
        max_digits=7,
        decimal_places=6,
        default=Decimal(0),
        help_text=_("In the channel's country; 0.0825 is 8.25 %"),
    )

    class Meta:
        verbose_name = _("price in a channel")
        verbose_name_plural = _("prices in channels")
        constraints = [
            models.UniqueConstraint(fields=["variant", "channel"], name="catalogue_listing_once"),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="catalogue_price_not_negative"),
            models.CheckConstraint(
                condition=models.Q(tax_rate__gte=0, tax_rate__lt=1), name="catalogue_tax_rate_is_a_fraction"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} in {self.channel_id}"


class ChangeCounter(models.Model):
    """One row: the number of the last change. Its lock puts all writers of the catalogue in one line, so numbers
    become visible in order and a reader that has seen number n has seen all before it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    value = models.BigIntegerField(default=0)
    token = models.UUIDField(default=uuid.uuid4, help_text="Differs after each change; never comes back")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="catalogue_one_counter")]

    def __str__(self) -> str:
        return str(self.value)


class Tracking(models.TextChoices):
    """How units of a product are told apart."""

    NONE = "NONE", _("By quantity")
    IMEI = "IMEI", _("IMEI")
    ICCID = "ICCID", _("ICCID")
    SERIAL = "SERIAL", _("Serial number")


class ProductTypeMapping(models.Model):
    """What a product type of the core is to the suite. Without a row, or without a kind, the core's metadata counts."""

    slug = models.CharField(_("product type"), max_length=255, primary_key=True)
    name = models.CharField(_("name"), max_length=255)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, blank=True)
    tracking = models.CharField(_("tracking"), max_length=8, choices=Tracking, default=Tracking.NONE)
    gone = models.BooleanField(_("gone from the core"), default=False)

    class Meta:
        verbose_name = _("product type of the core")
        verbose_name_plural = _("product types of the core")
        ordering = ["name", "slug"]

    def __str__(self) -> str:
        return self.name


class AttributeMapping(models.Model):
    """What an attribute of the core is called in the suite, or that it is left out. Without a row its slug counts."""

    slug = models.CharField(_("attribute"), max_length=255, primary_key=True)
    name = models.CharField(_("name"), max_length=255)
    target = models.SlugField(
        _("called here"), max_length=100, blank=True, help_text=_("Empty: as in the core. `gtin` is the barcode.")
    )
    ignored = models.BooleanField(_("leave out"), default=False)
    gone = models.BooleanField(_("gone from the core"), default=False)

    class Meta:
        verbose_name = _("attribute of the core")
        verbose_name_plural = _("attributes of the core")
        ordering = ["name", "slug"]

    def __str__(self) -> str:
        return self.name
