"""The stages of a run. Each reads a page from the core and writes it together with the checkpoint behind it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from commerce.app_calls import ProductPage
from commerce.core import core
from commerce.errors import CoreRefused
from commerce.records import CoreChannel
from inventory import core_stock, warehouses
from inventory.core_stock import TakenOver
from inventory.models import Store, WarehouseMapping
from kernel import clock
from kernel.locks import lock_rows
from plugins.catalogue import mapping
from plugins.catalogue import services as catalogue
from plugins.catalogue.services import SyncReport
from plugins.onboarding import findings
from plugins.onboarding.findings import Finding
from plugins.onboarding.models import SyncProblem, SyncRun

MOST_PROBLEMS = 2000
_COLUMNS = (
    "stage", "places", "place", "cursor", "read_at", "seen", "total", "changed", "removed", "stock_rows",
    "problem_count", "due_at", "failures", "last_error",
)  # fmt: skip
Stage = SyncRun.Stage
Code = SyncProblem.Code


class LostLease(Exception):
    """The run was cancelled, or another worker has it: nothing may be written for it here."""


class Paused(Exception):
    """So much is done at once; whoever is free goes on."""


class Blocked(Exception):
    """The mapping is not whole; the run goes on when it is."""


class Checkpoint:
    """Where a run stands, written in the transaction of what was done up to there."""

    def __init__(self, run: SyncRun, lease: timedelta, most: timedelta) -> None:
        self._run, self._lease, self._until = run, lease, clock.now() + most

    def has_time(self) -> bool:
        """Whether this worker has not had its share yet: other tasks wait for it."""
        return clock.now() < self._until

    def pause_if_due(self) -> None:
        """Raise Paused when this worker has had its share."""
        if not self.has_time() and self._run.stage != Stage.DONE:
            raise Paused

    def save(self) -> None:
        """Write it; call it last in the transaction of the page. Raises LostLease, and so undoes the page."""
        run = self._run
        held = SyncRun.objects.filter(pk=run.pk, holder=run.holder, open=True)
        if not lock_rows(held):
            raise LostLease
        run.due_at, run.failures, run.last_error = clock.now() + self._lease, 0, ""
        run.save(update_fields=_COLUMNS)

    def note(self, found: Iterable[Finding]) -> None:
        """Keep the problems of a page, as many as anybody reads; all are counted."""
        run = self._run
        rows = [
            SyncProblem(run=run, place=run.place, code=item.code, subject=item.subject[:300], detail=item.detail[:500])
            for item in found
        ]
        room = max(MOST_PROBLEMS - run.problem_count, 0)
        SyncProblem.objects.bulk_create(rows[:room])
        run.problem_count += len(rows)

    def finish(self) -> None:
        """End the run."""
        with transaction.atomic():
            self.save()
            run = self._run
            run.state, run.open, run.holder, run.finished_at = SyncRun.State.DONE, None, None, clock.now()
            run.save(update_fields=["state", "open", "holder", "finished_at"])


def read_mapping(run: SyncRun, checkpoint: Checkpoint) -> None:
    """Note what the core has, and what keeps it from being copied; a run that writes makes the stores."""
    connection = core()
    types, attributes, found = connection.product_types(), connection.attributes(), connection.warehouses()
    with transaction.atomic():
        mapping.discover(types=types, attributes=attributes)
        warehouses.discover(found)
    channels = _active_channels()
    wrong = [Finding(Code.TYPE_UNDECIDED, f"{row.name} ({row.slug})") for row in mapping.undecided()]
    wrong += [Finding(Code.WAREHOUSE, item.warehouse, item.message) for item in warehouses.problems()]
    if not channels:
        wrong.append(Finding(Code.NO_CHANNEL, _("Activate a channel in Saleor.")))
    shut = findings.not_collecting(found, channels)
    if wrong and not run.dry:
        raise Blocked(_("Still undecided in the mapping: %(count)s, first: %(what)s") % _told(wrong))
    if not run.dry:
        catalogue.sync_channels()
    with transaction.atomic():
        checkpoint.note(wrong)
        checkpoint.note(_of_collecting(shut))
        if not run.dry:
            warehouses.apply(not_collecting=shut)
        _enter(run, Stage.PRODUCTS, [channel.slug for channel in channels])
        checkpoint.save()


def read_products(run: SyncRun, checkpoint: Checkpoint) -> None:
    """Copy one channel, from the cursor on; then go on to the next, or to the stock."""
    channel = next((item for item in _active_channels() if item.slug == run.place), None)
    if channel is not None:
        if run.read_at is None:
            run.read_at = clock.now()
        for page in core().product_pages(channel.slug, after=run.cursor, go_on=checkpoint.has_time):
            with transaction.atomic():
                _copy_products(run, checkpoint, channel, page)
                run.cursor = page.after
                if not page.after:
                    _end_channel(run, channel.slug)
                checkpoint.save()
        checkpoint.pause_if_due()
        return
    with transaction.atomic():  # it was closed while the run went on
        _end_channel(run, "")
        checkpoint.save()


def _copy_products(run: SyncRun, checkpoint: Checkpoint, channel: CoreChannel, page: ProductPage) -> None:
    checkpoint.note(findings.of_products(page.products))
    report = SyncReport()
    if not run.dry and run.read_at is not None:
        catalogue.copy_page(products=page.products, channel=channel, read_at=run.read_at, report=report)
    if page.total is not None and not run.cursor:
        run.total += page.total
    run.seen += len(page.products)
    run.changed += report.changed


def _end_channel(run: SyncRun, slug: str) -> None:
    if slug and run.read_at is not None and not run.dry:
        run.removed += catalogue.finish_channel(channel=slug, read_at=run.read_at)
    if not _next_place(run):
        _enter(run, Stage.STOCK, _stocked_warehouses())


def read_stock(run: SyncRun, checkpoint: Checkpoint) -> None:
    """Take over the stock of one warehouse, from the cursor on; then go on to the next."""
    row = WarehouseMapping.objects.get(pk=run.place)
    try:
        for page in core().stock_pages(row.pk, after=run.cursor, go_on=checkpoint.has_time):
            with transaction.atomic():
                if not run.dry:
                    _take_over(row, page.rows, checkpoint)
                run.stock_rows += len(page.rows)
                run.cursor = page.after
                if not page.after:
                    _end_warehouse(run)
                checkpoint.save()
        checkpoint.pause_if_due()
    except CoreRefused as refused:
        if refused.code != "NOT_FOUND":
            raise
        with transaction.atomic():  # it was removed while the run went on
            checkpoint.note([Finding(Code.WAREHOUSE, row.name, _("It is gone from the core."))])
            _end_warehouse(run)
            checkpoint.save()


def _end_warehouse(run: SyncRun) -> None:
    if not _next_place(run):
        run.stage = Stage.DONE


STEPS: dict[SyncRun.Stage, Callable[[SyncRun, Checkpoint], None]] = {
    Stage.MAPPING: read_mapping,
    Stage.PRODUCTS: read_products,
    Stage.STOCK: read_stock,
}


def _take_over(row: WarehouseMapping, rows: tuple[tuple[str, int], ...], checkpoint: Checkpoint) -> None:
    store = Store.objects.get(core_warehouse_id=row.pk)
    if store.stock_owner == Store.StockOwner.CORE:
        done = core_stock.mirror(store=store, rows=rows)
    else:
        done = core_stock.open_store(store=store, rows=rows)
    checkpoint.note(_of_stock(row, done))


def _of_stock(row: WarehouseMapping, done: TakenOver) -> Iterable[Finding]:
    if done.unknown:
        yield Finding(Code.STOCK_UNKNOWN, row.name, _("Rows: %(count)s") % {"count": done.unknown})
    if done.wrong:
        yield Finding(Code.STOCK_WRONG, row.name, _("Rows: %(count)s") % {"count": done.wrong})


def _of_collecting(shut: Mapping[str, str]) -> Iterable[Finding]:
    rows = WarehouseMapping.objects.filter(pk__in=shut, gone=False, role=WarehouseMapping.Role.STORE)
    return [Finding(Code.NO_COLLECTING, row.name, shut[row.pk]) for row in rows]


def _active_channels() -> list[CoreChannel]:
    return sorted((item for item in core().channels() if item.is_active), key=lambda item: item.slug)


def _stocked_warehouses() -> list[str]:
    taken = WarehouseMapping.objects.filter(gone=False, role__in=["STORE", "DEPOT"], owner__in=["SUITE", "CORE"])
    return list(taken.order_by("pk").values_list("pk", flat=True))


def _enter(run: SyncRun, stage: SyncRun.Stage, places: list[str]) -> None:
    """Begin a stage with its first place; a stage without places is passed by the step that finds none."""
    run.stage, run.places = stage, places
    if not _next_place(run) and stage == Stage.STOCK:
        run.stage = Stage.DONE


def _next_place(run: SyncRun) -> bool:
    run.cursor, run.read_at = "", None
    run.place = run.places[0] if run.places else ""
    run.places = run.places[1:]
    return bool(run.place)


def _told(wrong: list[Finding]) -> dict[str, object]:
    first = wrong[0]
    return {"count": len(wrong), "what": " ".join(filter(None, [first.subject, first.detail]))}
