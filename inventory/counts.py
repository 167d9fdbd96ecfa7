"""Stock counts: counted by several people at once, told complete, counted again, cancelled.

Every change locks the count first, so that what several devices send adds up. Nothing here writes the ledger: see
`count_posting`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Min, Q, Sum

from kernel import clock
from kernel.devices import SKEW
from kernel.errors import ApiError
from kernel.locks import lock_rows

from . import count_errors, errors, goods
from .models import (
    CountEntry,
    CountLine,
    CountPart,
    Movement,
    StockCount,
    StockItem,
    Unit,
)

State = StockCount.State
Scope = StockCount.Scope


@dataclass(frozen=True, slots=True)
class Told:
    """What a device tells of a SKU: pieces, or the serials that it scanned where the SKU has them.

    `anew` replaces what the same device has told of it in this round; else it is added.
    """

    sku: str
    quantity: int = 0
    serials: Sequence[str] = ()
    anew: bool = False


@transaction.atomic
def record(
    *,
    count_id: str,
    part_id: int,
    round: int,
    told: Sequence[Told],
    device: str,
    source_key: str,
    actor: str,
    occurred_at: datetime | None = None,
) -> list[CountLine]:
    """Add what a device counted to the lines of a part; returns these lines. Once for each `source_key`.

    What was counted before the part was told complete is taken afterwards too, as long as the count is not closed: a
    device may have been cut off. A unit that somebody else has scanned in this round counts once. A SKU within the
    scope that the books have elsewhere gets a line.

    Raises COUNT_NOT_FOUND, COUNT_CLOSED, COUNT_ROUND_OVER, COUNT_CLOCK, COUNT_OUT_OF_SCOPE, UNKNOWN_SKU, NOT_STOCKED,
    INVALID_QUANTITY, SERIAL_REQUIRED, SERIAL_INVALID, SERIAL_WRONG_ITEM; nothing is changed then.
    """
    count, part = _locked(count_id, part_id)
    done = CountEntry.objects.filter(source_key=source_key, line__part=part).values_list("line", flat=True)
    if done:
        return list(CountLine.objects.filter(pk__in=list(done)))
    at = _checked_time(count, occurred_at)
    _check_open(count)
    if round != part.round:
        raise count_errors.count_round_over(part.round)
    if part.state == CountPart.State.COUNTED and (part.completed_at is None or at > part.completed_at):
        raise count_errors.count_closed(str(part.get_state_display()))
    items = goods.items_by_sku(dict.fromkeys(line.sku for line in told))
    lines = _lines(count, part, items)
    position = ledger_position()
    for line in told:
        _tell(
            lines[line.sku],
            line,
            part,
            CountEntry(
                round=part.round, device=device, actor=actor, source_key=source_key, counted_at=at, position=position
            ),
        )
    changed = [lines[sku] for sku in dict.fromkeys(line.sku for line in told)]
    _add_up(changed)
    if part.state != CountPart.State.COUNTED:
        part.state = CountPart.State.IN_PROGRESS
        part.save(update_fields=["state"])
    _settle_state(count)
    return changed


@transaction.atomic
def complete_part(
    *,
    count_id: str,
    part_id: int,
    round: int,
    rest_is_zero: bool,
    device: str,
    source_key: str,
    actor: str,
    occurred_at: datetime | None = None,
) -> CountPart:
    """A part is counted. With `rest_is_zero` nothing was found of the lines that nobody counted.

    A repeat in the same round changes nothing. Raises COUNT_NOT_FOUND, COUNT_CLOSED, COUNT_ROUND_OVER, COUNT_CLOCK,
    COUNT_INCOMPLETE.
    """
    count, part = _locked(count_id, part_id)
    at = _checked_time(count, occurred_at)
    _check_open(count)
    if round != part.round:
        raise count_errors.count_round_over(part.round)
    if part.state == CountPart.State.COUNTED:
        return part
    open_lines = list(part.lines.filter(round=part.round, counted__isnull=True).select_related("item"))
    if open_lines and not rest_is_zero:
        raise count_errors.count_incomplete([line.item_id for line in open_lines])
    position = ledger_position()
    CountEntry.objects.bulk_create(
        [
            CountEntry(
                line=line,
                round=part.round,
                quantity=0,
                device=device,
                actor=actor,
                source_key=source_key,
                counted_at=at,
                position=position,
            )
            for line in open_lines
        ]
    )
    _add_up(open_lines)
    part.state, part.completed_at, part.completed_by = CountPart.State.COUNTED, at, actor
    part.save(update_fields=["state", "completed_at", "completed_by"])
    _settle_state(count)
    return part


@transaction.atomic
def request_recount(*, count_id: str, line_ids: Collection[int], actor: str) -> StockCount:
    """Have lines counted again; what was counted of them no longer matters. Returns the count.

    Raises COUNT_NOT_FOUND, and COUNT_CLOSED unless all of the count is counted.
    """
    count = locked_count(count_id)
    if count.state != State.COUNTED:
        raise count_errors.count_closed(str(count.get_state_display()))
    lines = list(CountLine.objects.filter(part__count=count, pk__in=line_ids).select_related("part"))
    if not line_ids or len(lines) != len(set(line_ids)):
        raise count_errors.count_not_found()
    parts = {line.part_id: line.part for line in lines}
    for part in parts.values():
        part.round += 1
        part.state, part.completed_at, part.completed_by = CountPart.State.RECOUNT, None, ""
        part.save(update_fields=["round", "state", "completed_at", "completed_by"])
    for line in lines:
        line.round = parts[line.part_id].round
        line.counted = line.first_at = line.last_at = None
        line.save(update_fields=["round", "counted", "first_at", "last_at"])
    _settle_state(count)
    return count


@transaction.atomic
def cancel(*, count_id: str, actor: str) -> StockCount:
    """Give a count up; nothing is posted. A repeat changes nothing. Raises COUNT_NOT_FOUND, COUNT_CLOSED."""
    count = locked_count(count_id)
    if count.state == State.CANCELLED:
        return count
    _check_open(count)
    close(count, State.CANCELLED, actor)
    return count


def locked_count(count_id: str) -> StockCount:
    """The count, locked. Raises COUNT_NOT_FOUND."""
    found = lock_rows(StockCount.objects.filter(pk=count_id), no_key=True)
    if not found:
        raise count_errors.count_not_found()
    return found[0]


def close(count: StockCount, state: State, actor: str) -> None:
    """The last state of a locked count."""
    count.state, count.closed_at, count.closed_by = state, clock.now_after(count.opened_at), actor
    count.save(update_fields=["state", "closed_at", "closed_by"])


def ledger_position() -> int:
    """The id of the last movement."""
    last = Movement.objects.order_by("-pk").values_list("pk", flat=True).first()
    return last or 0


def _locked(count_id: str, part_id: int) -> tuple[StockCount, CountPart]:
    count = locked_count(count_id)
    part = count.parts.filter(pk=part_id).first()
    if part is None:
        raise count_errors.count_not_found()
    return count, part


def _check_open(count: StockCount) -> None:
    if not count.is_open():
        raise count_errors.count_closed(str(count.get_state_display()))


def _checked_time(count: StockCount, occurred_at: datetime | None) -> datetime:
    """The moment of an act, within what can be: not before the count was opened, not after now."""
    now = clock.now()
    at = occurred_at or now
    if at < count.opened_at - SKEW or at > now + SKEW:
        raise count_errors.count_clock()
    return max(min(at, now), count.opened_at)


def in_category(category: str, prefix: str = "item__") -> Q:
    """Rows whose item is in the category or below it."""
    return Q(**{f"{prefix}category": category}) | Q(**{f"{prefix}category__startswith": f"{category}/"})


def root(category: str) -> str:
    """Its first part."""
    return category.split("/", 1)[0]


def _in_scope(count: StockCount, part: CountPart, item: StockItem) -> bool:
    if not item.stocked or (part.category and root(item.category) != part.category):
        return False
    if count.scope == Scope.CATEGORY:
        return f"{item.category}/".startswith(f"{count.scope_category}/")
    if count.scope == Scope.SKUS:
        return CountLine.objects.filter(part__count=count, item=item).exists()
    return True


def _lines(count: StockCount, part: CountPart, items: dict[str, StockItem]) -> dict[str, CountLine]:
    """The lines of these SKUs, made where the books have none of the SKU in the room.

    In a recount only the lines to be counted again. Raises NOT_STOCKED, COUNT_OUT_OF_SCOPE.
    """
    found = {line.item_id: line for line in part.lines.filter(item__in=items).select_related("item")}
    for sku, item in items.items():
        line = found.get(sku)
        if line is None:
            if not item.stocked:
                raise errors.not_stocked(sku)
            if part.round > 1 or not _in_scope(count, part, item):
                raise count_errors.count_out_of_scope(sku)
            found[sku] = CountLine.objects.create(part=part, item=item)
        elif line.round != part.round:
            raise count_errors.count_out_of_scope(sku)
    return found


def _tell(line: CountLine, told: Told, part: CountPart, entry: CountEntry) -> None:
    """Write the entries of one SKU, like `entry`."""
    numbers = _numbers(line.item, told)
    current = CountEntry.objects.filter(line=line, round=part.round, withdrawn=False)
    if told.anew:
        current.filter(device=entry.device).update(withdrawn=True)
    if not line.item.tracked:
        if isinstance(told.quantity, bool) or not 0 <= told.quantity <= errors.MAX_QUANTITY:
            raise count_errors.invalid_count(told.sku, told.quantity)
        CountEntry.objects.bulk_create([_like(entry, line, told.quantity)])
        return
    known = set(current.filter(identifier__in=numbers).values_list("identifier", flat=True))
    new = [_like(entry, line, 1, number) for number in numbers if number not in known]
    if not numbers:
        # Looked at, and none was there.
        new = [_like(entry, line, 0)]
    CountEntry.objects.bulk_create(new)


def _like(entry: CountEntry, line: CountLine, quantity: int, identifier: str = "") -> CountEntry:
    return CountEntry(
        line=line,
        round=entry.round,
        quantity=quantity,
        identifier=identifier,
        device=entry.device,
        actor=entry.actor,
        source_key=entry.source_key,
        counted_at=entry.counted_at,
        position=entry.position,
    )


def _numbers(item: StockItem, told: Told) -> list[str]:
    """The numbers that the scanned units are booked by, or would be, each once."""
    if not item.tracked:
        return []
    if not told.serials and told.quantity:
        raise errors.serial_required(item.sku, wanted=told.quantity, given=0)
    entry = goods.Wanted(item, len(told.serials))
    problems: list[ApiError] = goods.name_serials({item.sku: entry}, {item.sku: told.serials})
    # The same piece scanned twice is no fault in a count.
    errors.raise_first([problem for problem in problems if problem.code != errors.SERIAL_REQUIRED])
    _check_item(item, entry.serials)
    return entry.serials


def _check_item(item: StockItem, numbers: Iterable[str]) -> None:
    """Raises SERIAL_WRONG_ITEM for a number that is a piece of another SKU."""
    if item.tracking == StockItem.Tracking.SERIAL:
        return
    others = Unit.objects.filter(identifier_type=item.tracking, identifier__in=list(numbers)).exclude(item=item)
    for unit in others.order_by("identifier")[:1]:
        raise errors.serial_wrong_item(item.sku, unit.identifier, unit.item_id)


def _add_up(lines: Collection[CountLine]) -> None:
    """Bring lines in line with the entries of their round."""
    rows = CountEntry.objects.filter(line__in=[line.pk for line in lines], withdrawn=False)
    sums = {
        (row["line"], row["round"]): row
        for row in rows.order_by()
        .values("line", "round")
        .annotate(total=Sum("quantity"), first=Min("counted_at"), last=Max("counted_at"), reached=Max("position"))
    }
    for line in lines:
        found = sums.get((line.pk, line.round))
        line.counted = found["total"] if found else None
        line.first_at = found["first"] if found else None
        line.last_at = found["last"] if found else None
        line.position = found["reached"] if found else 0
    CountLine.objects.bulk_update(lines, ["counted", "first_at", "last_at", "position"], batch_size=500)


def _settle_state(count: StockCount) -> None:
    """The count's state follows from its parts'."""
    states = set(count.parts.values_list("state", flat=True))
    if states == {CountPart.State.COUNTED}:
        state = State.COUNTED
    elif (
        CountPart.State.RECOUNT in states
        or count.parts.filter(round__gt=1).exclude(state=CountPart.State.COUNTED).exists()
    ):
        state = State.RECOUNT
    elif states == {CountPart.State.NEW}:
        state = State.NEW
    else:
        state = State.IN_PROGRESS
    count.state = state
    count.save(update_fields=["state"])
