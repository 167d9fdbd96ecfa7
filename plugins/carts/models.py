"""Tables of carts and orders."""

import re
import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel import clock, ids
from kernel.money import Money, round_half_up
from kernel.sealing import SealedJSONField
from plugins.carts.return_models import OrderReturn as OrderReturn
from plugins.carts.return_models import ReturnedLine as ReturnedLine
from plugins.carts.service_models import ServiceHold as ServiceHold
from plugins.carts.service_models import ServicePromise as ServicePromise
from plugins.catalogue.models import SalesChannel

MONTHLY_KINDS = frozenset({"PLAN", "SERVICE"})
_CHINESE_NAME = re.compile(r"[\u4e00-\u9fff]+")


class Customer(models.Model):
    """A shopper of the core who has signed in here; `core_user_id` is the core's id."""

    core_user_id = models.CharField(primary_key=True, max_length=64)
    email = models.EmailField(_("e-mail"), max_length=254, db_index=True)
    first_name = models.CharField(_("first name"), max_length=256, blank=True)
    last_name = models.CharField(_("last name"), max_length=256, blank=True)
    last_signed_in_at = models.DateTimeField(_("last signed in"), default=clock.now)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["email"]

    def __str__(self) -> str:
        return self.email


class Contact(models.Model):
    """Who buys: the same columns on a cart and on its order. `phone` is in E.164."""

    first_name = models.CharField(_("first name"), max_length=120, blank=True)
    last_name = models.CharField(_("last name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    billing_address = models.JSONField(_("billing address"), null=True, blank=True)
    language = models.CharField(max_length=10, default="en")
    shopper_id = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        abstract = True

    @property
    def full_name(self) -> str:
        """First and last name, the Chinese way round for a Chinese name; empty when neither is known."""
        if _CHINESE_NAME.fullmatch(self.last_name + self.first_name):
            return self.last_name + self.first_name
        return f"{self.first_name} {self.last_name}".strip()


class Cart(Contact):
    """What somebody is about to buy. A guest's id is a capability: whoever knows it may use the cart."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        COMPLETING = "COMPLETING", _("Being ordered")
        COMPLETED = "COMPLETED", _("Ordered")

    id = models.CharField(primary_key=True, max_length=64, default=ids.capability, editable=False)
    channel = models.ForeignKey(
        "catalogue.Channel", verbose_name=_("sales channel of the core"), on_delete=models.PROTECT, related_name="+"
    )
    sales_channel = models.CharField(_("sales channel"), max_length=20, choices=SalesChannel.choices)
    store_id = models.CharField(max_length=36, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)
    payment_digest = models.CharField(max_length=64, blank=True)
    first_held_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=clock.now)
    updated_at = models.DateTimeField(_("changed"), default=clock.now)

    class Meta:
        verbose_name = _("cart")
        verbose_name_plural = _("carts")
        ordering = ["-updated_at"]
        indexes = [models.Index(fields=["-updated_at"], name="carts_cart_recent")]

    def __str__(self) -> str:
        return f"{self.id[:6]}…"

    @property
    def currency(self) -> str:
        return self.channel.currency

    def money(self, amount: Decimal) -> Money:
        """An amount in the cart's currency."""
        return Money(round_half_up(amount, self.currency), self.currency)


class CartDelivery(models.Model):
    """How lines reach the customer: in this version, collected in one store in one slot.

    A slot counts as taken while the delivery is HELD and `reserved_until` lies ahead, or TAKEN by an order.
    """

    class State(models.TextChoices):
        HELD = "HELD", _("Held")
        TAKEN = "TAKEN", _("Ordered")
        FREED = "FREED", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="deliveries")
    store = models.ForeignKey("inventory.Store", on_delete=models.PROTECT, related_name="+")
    slot_start = models.DateTimeField()
    slot_end = models.DateTimeField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.HELD)
    reservation_id = models.UUIDField(null=True)
    reserved_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "cart deliveries"
        indexes = [models.Index(fields=["store", "slot_start"], name="carts_delivery_slot")]
        constraints = [models.CheckConstraint(condition=Q(slot_end__gt=F("slot_start")), name="carts_slot_has_length")]

    def __str__(self) -> str:
        return f"{self.store_id} {self.slot_start:%Y-%m-%d %H:%M}"


class Line(models.Model):
    """What is bought: the same columns on a cart's line and on its order's.

    Prices are as shown, in the channel's own terms; `tax` is of the whole line.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    position = models.PositiveIntegerField(default=0)
    sku = models.CharField(_("SKU"), max_length=255)
    variant_id = models.CharField(max_length=64)
    product_id = models.CharField(max_length=64)
    name = models.CharField(_("name"), max_length=512)
    kind = models.CharField(_("kind"), max_length=16)
    stocked = models.BooleanField(default=True)
    serialised = models.BooleanField(default=False)
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=3)
    tax_rate = models.DecimalField(max_digits=7, decimal_places=6, default=Decimal(0))
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=3, default=Decimal(0))
    bundle_id = models.CharField(max_length=64, blank=True)
    # Where in the offer it was chosen; empty for what carries a fee, a deposit or a tax of the bundle.
    bundle_group = models.CharField(max_length=64, blank=True)
    bundle_instance = models.PositiveSmallIntegerField(default=1)
    bundle_monthly = models.DecimalField(max_digits=14, decimal_places=3, default=Decimal(0))
    available_from = models.DateField(_("available from"), null=True, blank=True)
    # What it was promised at an address, where it depends on one.
    service = models.ForeignKey(
        ServicePromise, on_delete=models.SET_NULL, null=True, blank=True, related_name="%(class)ss"
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.quantity} x {self.sku}"

    @property
    def total(self) -> Decimal:
        """Unit price times quantity, in the channel's own terms."""
        return self.unit_price * self.quantity

    @property
    def monthly(self) -> Decimal:
        """What it costs every month: a bundle's part as quoted, else what a plan or service costs alone."""
        if self.bundle_id:
            return self.bundle_monthly
        return self.total if self.kind in MONTHLY_KINDS else Decimal(0)


class CartBundle(models.Model):
    """A configured bundle in a cart, as it was quoted; its lines carry its id. It stays with the order's cart.

    `basis` is what the server knew when it was priced, so that the price can be worked out again; `characteristics`
    are the customer's own (a number to bring, its PIN, an EID) and sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="bundles")
    version = models.ForeignKey(
        "bundles.OfferVersion", verbose_name=_("version of an offer"), on_delete=models.PROTECT, related_name="+"
    )
    term = models.PositiveSmallIntegerField(_("commitment, months"))
    selections = models.JSONField(default=list)
    characteristics = SealedJSONField(default=list, purpose="carts.characteristics")
    qualification_id = models.CharField(max_length=40, blank=True)
    basis = models.JSONField(default=dict)
    due_today = models.DecimalField(_("due today"), max_digits=14, decimal_places=3)
    monthly_price = models.DecimalField(_("monthly"), max_digits=14, decimal_places=3)
    total_over_term = models.DecimalField(_("total over the term"), max_digits=14, decimal_places=3)
    promise_date = models.DateField(_("promised for"), null=True, blank=True)
    quoted_at = models.DateTimeField(_("quoted"), default=clock.now)
    expires_at = models.DateTimeField(_("quote holds until"))

    class Meta:
        verbose_name = _("bundle in a cart")
        verbose_name_plural = _("bundles in a cart")
        ordering = ["quoted_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("quoted_at")), name="carts_quote_holds"),
            models.CheckConstraint(condition=Q(due_today__gte=0), name="carts_quote_not_negative"),
        ]

    def __str__(self) -> str:
        return str(self.version)

    def name_in(self, language: str) -> str:
        """What the offer is called."""
        name = self.version.document["name"]
        return str((language.lower().startswith("zh") and name.get("zh-Hans")) or name["en"])


class CartLine(Line):
    """A line of a cart. One SKU has one line, but for what belongs to a bundle."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="lines")
    delivery = models.ForeignKey(CartDelivery, on_delete=models.SET_NULL, null=True, related_name="lines")

    class Meta:
        verbose_name = _("cart line")
        verbose_name_plural = _("cart lines")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "sku"], condition=Q(bundle_id=""), name="carts_line_once_per_sku"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="carts_line_quantity_positive"),
        ]


class ShareCode(models.Model):
    """A code by which another channel takes a cart over. Only its hash is kept."""

    code_hash = models.CharField(primary_key=True, max_length=64)
    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="share_codes")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.cart_id[:6]}… until {self.expires_at:%H:%M}"


class Attempts(models.Model):
    """Failed tries of one kind from one place, in a window of time: what keeps codes from being guessed."""

    subject = models.CharField(primary_key=True, max_length=200)
    window_ends_at = models.DateTimeField(db_index=True)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "attempts"

    def __str__(self) -> str:
        return f"{self.subject}: {self.failed}"


class OrderStatus(models.TextChoices):
    """Where an order stands; the names are the contract's."""

    PLACED = "PLACED", _("Placed")
    HELD = "HELD", _("On hold")
    IN_PROGRESS = "IN_PROGRESS", _("In progress")
    PARTIALLY_FULFILLED = "PARTIALLY_FULFILLED", _("Partly handed over")
    FULFILLED = "FULFILLED", _("Handed over")
    PARTIALLY_RETURNED = "PARTIALLY_RETURNED", _("Partly returned")
    RETURNED = "RETURNED", _("Returned")
    CANCELLED = "CANCELLED", _("Cancelled")


class Order(Contact):
    """What was bought, as confirmed. The core's order is the commercial record; `number` is ours and given at once."""

    id = models.CharField(primary_key=True, max_length=64, default=ids.capability, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True, default=ids.order_number)
    core_id = models.CharField(max_length=64, blank=True, db_index=True)
    core_number = models.CharField(_("number in the core"), max_length=64, blank=True)
    cart = models.OneToOneField(Cart, on_delete=models.PROTECT, null=True, related_name="order")
    channel = models.ForeignKey(
        "catalogue.Channel", verbose_name=_("sales channel of the core"), on_delete=models.PROTECT, related_name="+"
    )
    sales_channel = models.CharField(_("sales channel"), max_length=20, choices=SalesChannel.choices)
    store_id = models.CharField(max_length=36, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=OrderStatus.choices, default=OrderStatus.PLACED)
    currency = models.CharField(_("currency"), max_length=3)
    subtotal = models.DecimalField(_("subtotal"), max_digits=14, decimal_places=3)
    tax = models.DecimalField(_("tax"), max_digits=14, decimal_places=3)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=3)
    monthly = models.DecimalField(_("monthly"), max_digits=14, decimal_places=3, default=Decimal(0))
    promise_date = models.DateField(_("promised for"), null=True, blank=True)
    created_at = models.DateTimeField(_("placed"), default=clock.now)

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["shopper_id", "-created_at"], name="carts_order_of_shopper")]

    def __str__(self) -> str:
        return self.number

    def money(self, amount: Decimal) -> Money:
        """An amount in the order's currency."""
        return Money(round_half_up(amount, self.currency), self.currency)


class OrderLine(Line):
    """A line of an order. `serials` names the units handed over; `core_line_id` is the core's line."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    delivery = models.ForeignKey(CartDelivery, on_delete=models.PROTECT, null=True, related_name="order_lines")
    serials = models.JSONField(_("serial numbers"), default=list, blank=True)
    core_line_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")


class OrderEvent(models.Model):
    """Something that happened to an order. What it says to the customer is in `timeline`."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(_("when"), default=clock.now)
    code = models.CharField(_("code"), max_length=40)
    params = models.JSONField(default=dict)
    actor = models.CharField(_("who"), max_length=120, blank=True)

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("order event")
        verbose_name_plural = _("timeline")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.code}"


class UncheckedOrder(models.Model):
    """An order in the core with goods of a guarded kind that the suite has not checked: drafts and bulk orders pass no
    guard, and the guard may be off. A person looks into it; `skus` are the goods it is about.
    """

    core_id = models.CharField(_("id in the core"), max_length=100, unique=True)
    number = models.CharField(_("number in the core"), max_length=50)
    channel = models.CharField(_("channel"), max_length=100)
    status = models.CharField(_("status in the core"), max_length=30)
    skus = models.JSONField(_("SKU"), default=list)
    seen_at = models.DateTimeField(_("first seen"), default=clock.now)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.CharField(_("settled by"), max_length=120, blank=True)

    class Meta:
        ordering = ("-seen_at",)
        verbose_name = _("order that was not checked")
        verbose_name_plural = _("orders that were not checked")
        permissions = (("settle_unchecked_order", "May settle orders that were not checked"),)

    def __str__(self) -> str:
        return self.number
