"""The runs that copy a catalogue."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import clock


class SyncRun(models.Model):
    """A copy of the core's catalogue and stock, or a look at what it would do (`dry`). At most one is unfinished.

    `stage`, `place` and `cursor` are the checkpoint: everything before them is written. `due_at` in the future means:
    leased by a worker, or waiting after a failure.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        CANCELLED = "CANCELLED", _("Cancelled")

    class Stage(models.TextChoices):
        MAPPING = "MAPPING", _("Reading what the core has")
        PRODUCTS = "PRODUCTS", _("Products")
        STOCK = "STOCK", _("Stock")
        DONE = "DONE", _("Done")

    UNFINISHED = (State.WAITING, State.RUNNING)

    dry = models.BooleanField(_("dry run"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.MAPPING)
    places = models.JSONField(_("still to do"), default=list)
    place = models.CharField(_("channel or warehouse"), max_length=255, blank=True)
    cursor = models.CharField(_("cursor"), max_length=500, blank=True)
    # Of the place that is being read: since when, which says what the core no longer lists.
    read_at = models.DateTimeField(_("read since"), null=True, blank=True)
    seen = models.PositiveIntegerField(_("products read"), default=0)
    total = models.PositiveIntegerField(_("products in all"), default=0)
    changed = models.PositiveIntegerField(_("products changed"), default=0)
    removed = models.PositiveIntegerField(_("products no longer sold"), default=0)
    stock_rows = models.PositiveIntegerField(_("rows of stock"), default=0)
    problem_count = models.PositiveIntegerField(_("problems"), default=0)
    # True while it is unfinished, else null: so that there is one at most.
    open = models.BooleanField(default=True, null=True, unique=True, editable=False)
    actor = models.CharField(_("started by"), max_length=100)
    created_at = models.DateTimeField(_("started"), default=clock.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), default=clock.now)
    holder = models.UUIDField(_("holder"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("copy of the core's catalogue")
        verbose_name_plural = _("copies of the core's catalogue")
        ordering = ("-id",)
        permissions = [("take_over", "Can map the core's catalogue and start copies of it")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "RUNNING"], open=True, finished_at__isnull=True)
                | Q(state__in=["DONE", "CANCELLED"], open__isnull=True, finished_at__isnull=False),
                name="onboarding_open_until_finished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def unfinished(self) -> bool:
        """Whether it goes on."""
        return self.state in self.UNFINISHED


class SyncProblem(models.Model):
    """Something that a run found wrong in the core. It stops nothing by itself; only the mapping must be whole."""

    class Code(models.TextChoices):
        TYPE_UNDECIDED = "TYPE_UNDECIDED", _("Product type without a kind")
        WAREHOUSE = "WAREHOUSE", _("Warehouse not ready")
        NO_CHANNEL = "NO_CHANNEL", _("No active channel")
        NO_VARIANTS = "NO_VARIANTS", _("Product without variants")
        NO_SKU = "NO_SKU", _("Variant without SKU")
        NO_PRICE = "NO_PRICE", _("Variant without price")
        IN_NO_CHANNEL = "IN_NO_CHANNEL", _("Product not sold in the channel")
        NO_COLLECTING = "NO_COLLECTING", _("Store where nothing can be collected")
        STOCK_UNKNOWN = "STOCK_UNKNOWN", _("Stock of a variant that is not copied")
        STOCK_WRONG = "STOCK_WRONG", _("Impossible quantity")

    BLOCKING = (Code.TYPE_UNDECIDED, Code.WAREHOUSE, Code.NO_CHANNEL)

    run = models.ForeignKey(SyncRun, verbose_name=_("run"), on_delete=models.CASCADE, related_name="problems")
    code = models.CharField(_("problem"), max_length=20, choices=Code)
    place = models.CharField(_("where"), max_length=255, blank=True)
    subject = models.CharField(_("what"), max_length=300)
    detail = models.CharField(_("detail"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("problem of the core's catalogue")
        verbose_name_plural = _("problems of the core's catalogue")
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.code} {self.subject}"
