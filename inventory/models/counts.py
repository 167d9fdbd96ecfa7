"""Stock counts, after Oracle Store Inventory: a count has parts (one room, perhaps one category), parts have lines."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import clock

from .places import StockRoom, Store, new_id
from .stock import CATEGORY_LENGTH, StockItem


class AbcClass(models.TextChoices):
    """A SKU's share in a store's sales value: A make up the first 80 %, B the next 15 %, C the rest."""

    A = "A", _("A: most of the sales value")
    B = "B", _("B: the middle")
    C = "C", _("C: the rest")


class CountPlan(models.Model):
    """What is counted again and again: a class or a category, every so many days, in one store or in each."""

    name = models.CharField(_("name"), max_length=100)
    store = models.ForeignKey(
        Store,
        verbose_name=_("store"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: in all stores."),
    )
    abc_class = models.CharField(_("class"), max_length=1, choices=AbcClass, blank=True)
    category = models.CharField(
        _("category"), max_length=CATEGORY_LENGTH, blank=True, help_text=_("Slugs from the root down: devices/phones.")
    )
    every_days = models.PositiveIntegerField(_("every (days)"))
    starts_on = models.DateField(_("first day"))
    most_items = models.PositiveIntegerField(
        _("SKUs at once"), default=200, help_text=_("Those that were not counted for longest come first.")
    )
    blind = models.BooleanField(_("blind"), default=True, help_text=_("The counters do not see what the books say."))
    tolerance_pieces = models.PositiveIntegerField(_("tolerance (pieces)"), default=0)
    tolerance_percent = models.PositiveIntegerField(_("tolerance (percent)"), default=0)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        ordering = ("name",)
        verbose_name = _("count plan")
        verbose_name_plural = _("count plans")
        constraints = [
            models.CheckConstraint(
                condition=(Q(abc_class="") & ~Q(category="")) | (~Q(abc_class="") & Q(category="")),
                name="inventory_plan_class_or_category",
                violation_error_message=_("Give either a class or a category."),
            ),
            models.CheckConstraint(
                condition=Q(every_days__gt=0) & Q(most_items__gt=0),
                name="inventory_plan_interval",
                violation_error_message=_("Give at least one day and one SKU."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StockCount(models.Model):
    """A count of a store's stock. Its lines are posted when it is authorised, all at once."""

    class Type(models.TextChoices):
        AD_HOC = "AD_HOC", _("Ad hoc")
        UNIT = "UNIT", _("Planned")
        PROBLEM_LINE = "PROBLEM_LINE", _("Problem lines")

    class Scope(models.TextChoices):
        ALL = "ALL", _("Everything")
        ROOM = "ROOM", _("One room")
        CATEGORY = "CATEGORY", _("A category")
        SKUS = "SKUS", _("Chosen SKUs")

    class State(models.TextChoices):
        NEW = "NEW", _("New")
        IN_PROGRESS = "IN_PROGRESS", _("In progress")
        COUNTED = "COUNTED", _("Counted")
        RECOUNT = "RECOUNT", _("To be counted again")
        AUTHORISED = "AUTHORISED", _("Authorised")
        CANCELLED = "CANCELLED", _("Cancelled")

    OPEN = (State.NEW, State.IN_PROGRESS, State.COUNTED, State.RECOUNT)

    id = models.CharField(primary_key=True, max_length=36, default=new_id, editable=False)
    source_key = models.CharField(max_length=200, unique=True, editable=False)
    store = models.ForeignKey(Store, verbose_name=_("store"), on_delete=models.PROTECT, related_name="counts")
    type = models.CharField(_("type"), max_length=20, choices=Type)
    name = models.CharField(_("name"), max_length=100)
    plan = models.ForeignKey(
        CountPlan, verbose_name=_("plan"), on_delete=models.PROTECT, null=True, blank=True, related_name="counts"
    )
    planned_for = models.DateField(_("planned for"), null=True, blank=True)
    scope = models.CharField(_("scope"), max_length=10, choices=Scope)
    scope_category = models.CharField(_("category"), max_length=CATEGORY_LENGTH, blank=True)
    blind = models.BooleanField(_("blind"))
    tolerance_pieces = models.PositiveIntegerField(_("tolerance (pieces)"), default=0)
    tolerance_percent = models.PositiveIntegerField(_("tolerance (percent)"), default=0)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.NEW)
    # The last movement in the ledger when the count was opened: nothing before it can have happened while counting.
    position = models.BigIntegerField(default=0, editable=False)
    opened_at = models.DateTimeField(_("opened at"), default=clock.now)
    opened_by = models.CharField(_("opened by"), max_length=120)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.CharField(_("closed by"), max_length=120, blank=True)

    class Meta:
        ordering = ("-opened_at", "id")
        verbose_name = _("stock count")
        verbose_name_plural = _("stock counts")
        constraints = [
            models.UniqueConstraint(fields=["plan", "store", "planned_for"], name="inventory_count_planned_once"),
        ]
        indexes = [models.Index(fields=["store", "state", "-opened_at"], name="inventory_count_list")]

    def __str__(self) -> str:
        return self.name

    def is_open(self) -> bool:
        """Whether it can still be worked on."""
        return self.state in self.OPEN


class CountPart(models.Model):
    """What one or several people count in one go: a room, or one category in it."""

    class State(models.TextChoices):
        NEW = "NEW", _("New")
        IN_PROGRESS = "IN_PROGRESS", _("In progress")
        COUNTED = "COUNTED", _("Counted")
        RECOUNT = "RECOUNT", _("To be counted again")

    count = models.ForeignKey(StockCount, verbose_name=_("count"), on_delete=models.CASCADE, related_name="parts")
    room = models.ForeignKey(StockRoom, verbose_name=_("stock room"), on_delete=models.PROTECT, related_name="+")
    category = models.CharField(_("category"), max_length=CATEGORY_LENGTH, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.NEW)
    # 1 for the first counting, one more for each recount.
    round = models.PositiveIntegerField(_("round"), default=1)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    completed_by = models.CharField(_("completed by"), max_length=120, blank=True)

    class Meta:
        ordering = ("count", "id")
        verbose_name = _("part of a count")
        verbose_name_plural = _("parts of a count")
        constraints = [
            models.UniqueConstraint(fields=["count", "room", "category"], name="inventory_count_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.room} {self.category}".strip()


class CountLine(models.Model):
    """A SKU of a part: what was counted in its latest round, and what was posted in the end.

    `first_at`, `last_at` and `position` (of the ledger) say between which moments it was counted: movements after the
    last one are not undone by the posting.
    """

    part = models.ForeignKey(CountPart, verbose_name=_("part"), on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey(StockItem, verbose_name=_("SKU"), on_delete=models.PROTECT, related_name="+")
    round = models.PositiveIntegerField(_("round"), default=1)
    counted = models.IntegerField(_("counted"), null=True, blank=True)
    first_at = models.DateTimeField(_("counted from"), null=True, blank=True)
    last_at = models.DateTimeField(_("counted until"), null=True, blank=True)
    position = models.BigIntegerField(default=0, editable=False)
    expected = models.IntegerField(_("expected"), null=True, blank=True, help_text=_("When it was counted; posted."))
    accepted_by = models.CharField(_("accepted by"), max_length=120, blank=True)

    class Meta:
        ordering = ("part", "item")
        verbose_name = _("count line")
        verbose_name_plural = _("count lines")
        constraints = [
            models.UniqueConstraint(fields=["part", "item"], name="inventory_count_line_once"),
            models.CheckConstraint(
                condition=Q(counted__isnull=True) | Q(counted__gte=0, last_at__isnull=False),
                name="inventory_count_line_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.counted}"


class CountEntry(models.Model):
    """What one device told of a line: pieces, or one scanned unit. The entries of a round add up."""

    line = models.ForeignKey(CountLine, on_delete=models.CASCADE, related_name="entries")
    round = models.PositiveIntegerField(_("round"))
    quantity = models.IntegerField(_("quantity"))
    identifier = models.CharField(_("identifier"), max_length=64, blank=True)
    device = models.CharField(_("device"), max_length=64)
    actor = models.CharField(_("actor"), max_length=120)
    source_key = models.CharField(_("source"), max_length=200, db_index=True)
    counted_at = models.DateTimeField(_("counted at"))
    position = models.BigIntegerField(default=0)
    # The same device has told the line anew.
    withdrawn = models.BooleanField(_("withdrawn"), default=False)

    class Meta:
        ordering = ("id",)
        verbose_name = _("count entry")
        verbose_name_plural = _("count entries")
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=0), name="inventory_count_entry_quantity"),
            models.UniqueConstraint(
                fields=["line", "round", "identifier"],
                condition=~Q(identifier="") & Q(withdrawn=False),
                name="inventory_count_unit_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} {self.identifier}".strip()
