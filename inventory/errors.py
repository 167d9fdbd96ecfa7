"""What the inventory refuses, by stable code. `params` name the SKU or serial, so that a caller finds its own line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel.errors import IDEMPOTENCY_MISMATCH, INVALID, NOT_FOUND, REQUIRED, TRY_AGAIN, ApiError, Message

INSUFFICIENT_STOCK = "INSUFFICIENT_STOCK"
UNKNOWN_SKU = "UNKNOWN_SKU"
NOT_STOCKED = "NOT_STOCKED"
INVALID_QUANTITY = "INVALID_QUANTITY"
SERIAL_REQUIRED = "SERIAL_REQUIRED"
SERIAL_INVALID = "SERIAL_INVALID"
SERIAL_UNKNOWN = "SERIAL_UNKNOWN"
SERIAL_NOT_IN_STOCK = "SERIAL_NOT_IN_STOCK"
SERIAL_IN_STOCK = "SERIAL_IN_STOCK"
SERIAL_WRONG_ITEM = "SERIAL_WRONG_ITEM"
SERIAL_WRONG_STATE = "SERIAL_WRONG_STATE"
ROOM_NOT_FOUND = "ROOM_NOT_FOUND"
RESERVATION_NOT_FOUND = "RESERVATION_NOT_FOUND"
RESERVATION_EXPIRED = "RESERVATION_EXPIRED"
RESERVATION_CLOSED = "RESERVATION_CLOSED"
STORE_CLOSED = "STORE_CLOSED"
STORE_NOT_FOUND = "STORE_NOT_FOUND"
SERIAL_TWICE = "SERIAL_TWICE"
SERIAL_IN_TRANSIT = "SERIAL_IN_TRANSIT"
OVER_RECEIPT = "OVER_RECEIPT"
DELIVERY_NOTE_KNOWN = "DELIVERY_NOTE_KNOWN"
DOCUMENT_CLOSED = "DOCUMENT_CLOSED"
NOT_APPROVED = "NOT_APPROVED"

# On the list of contradictions: a piece was counted here that the books have elsewhere.
SERIAL_COUNTED_ELSEWHERE = "SERIAL_COUNTED_ELSEWHERE"
CONTRADICTION_SETTLED = "CONTRADICTION_SETTLED"
SETTLEMENT_NOT_POSSIBLE = "SETTLEMENT_NOT_POSSIBLE"
DEVICE_BLACKLISTED = "DEVICE_BLACKLISTED"
ESIM_POOL_EMPTY = "ESIM_POOL_EMPTY"
ESIM_NOT_FOUND = "ESIM_NOT_FOUND"
ESIM_WRONG_STATE = "ESIM_WRONG_STATE"

MAX_QUANTITY = 1_000_000


@dataclass(frozen=True, slots=True)
class Shortage:
    """A SKU of which less is available than wanted."""

    sku: str
    wanted: int
    available: int


def raise_first(problems: Sequence[ApiError]) -> None:
    """Raise the first of the problems, if there is one."""
    if problems:
        raise problems[0]


def insufficient_stock(shortages: Sequence[Shortage]) -> ApiError:
    """The first shortage in words; `params["shortages"]` has all of them as {sku, wanted, available}."""
    first = shortages[0]
    return ApiError(
        INSUFFICIENT_STOCK,
        _("Only %(available)s of %(sku)s can be had, %(wanted)s were asked for."),
        params={
            "sku": first.sku,
            "available": first.available,
            "wanted": first.wanted,
            "shortages": [
                {"sku": short.sku, "wanted": short.wanted, "available": short.available} for short in shortages
            ],
        },
    )


def unknown_sku(sku: str, *, field: str | None = None) -> ApiError:
    """No item has this SKU."""
    return ApiError(UNKNOWN_SKU, _("There is no article %(sku)s."), field=field, params={"sku": sku})


def not_stocked(sku: str) -> ApiError:
    """Goods are to be booked for a plan or a service."""
    return ApiError(NOT_STOCKED, _("%(sku)s is not kept in stock."), params={"sku": sku})


def invalid_quantity(sku: str, quantity: object) -> ApiError:
    """Not a whole number from 1 to MAX_QUANTITY."""
    return ApiError(
        INVALID_QUANTITY,
        _("The quantity of %(sku)s must be a whole number from 1 to %(max)s, not %(quantity)s."),
        params={"sku": sku, "quantity": str(quantity), "max": MAX_QUANTITY},
    )


def serial_required(sku: str, *, wanted: int, given: int) -> ApiError:
    """A tracked item needs as many serials as pieces."""
    return ApiError(
        SERIAL_REQUIRED,
        _("%(sku)s needs %(wanted)s different serial numbers, %(given)s were given."),
        params={"sku": sku, "wanted": wanted, "given": given},
    )


def serial_invalid(sku: str, serial: str, problem: Message, *, field: str | None = None) -> ApiError:
    """The form or the check digit is wrong; `problem` is a sentence about %(serial)s."""
    return ApiError(SERIAL_INVALID, problem, field=field, params={"sku": sku, "serial": serial})


def not_counted(sku: str, serial: str, *, field: str) -> ApiError:
    """Further numbers are told of a piece that is not among those counted, or twice."""
    return ApiError(
        INVALID,
        _("Further numbers of %(serial)s were given, which must be one of the pieces counted, once."),
        field=field,
        params={"sku": sku, "serial": serial},
    )


def number_of_another(sku: str, serial: str, other: str) -> ApiError:
    """A further number is carried by another piece already."""
    return ApiError(
        SERIAL_IN_STOCK,
        _("%(serial)s is a number of another piece already, of %(other)s."),
        params={"sku": sku, "serial": serial, "other": other},
    )


def number_differs(sku: str, serial: str, known: str) -> ApiError:
    """The books know the piece by another number of this type."""
    return ApiError(
        SERIAL_IN_STOCK,
        _("In the books this piece carries %(known)s where %(serial)s was given."),
        params={"sku": sku, "serial": serial, "known": known},
    )


def serial_unknown(sku: str, serial: str) -> ApiError:
    """No unit has this identifier."""
    return ApiError(
        SERIAL_UNKNOWN, _("No piece with the number %(serial)s is known."), params={"sku": sku, "serial": serial}
    )


def serial_wrong_item(sku: str, serial: str, actual_sku: str) -> ApiError:
    """The unit is of another SKU."""
    return ApiError(
        SERIAL_WRONG_ITEM,
        _("%(serial)s is a piece of %(actual)s, not of %(sku)s."),
        params={"sku": sku, "serial": serial, "actual": actual_sku},
    )


def serial_not_in_stock(sku: str, serial: str, state: str) -> ApiError:
    """The unit is not in this store's stock, or it is kept for someone else."""
    return ApiError(
        SERIAL_NOT_IN_STOCK,
        _("%(serial)s is not free in the stock of this store (%(state)s)."),
        params={"sku": sku, "serial": serial, "state": state},
    )


def serial_in_stock(sku: str, serial: str, state: str) -> ApiError:
    """A unit comes in that is already in stock, or was sold and must come back as a return."""
    return ApiError(
        SERIAL_IN_STOCK,
        _("%(serial)s cannot be received: it is already in the books (%(state)s)."),
        params={"sku": sku, "serial": serial, "state": state},
    )


def serial_wrong_state(sku: str, serial: str, state: str) -> ApiError:
    """What is asked cannot follow on the state that the unit is in."""
    return ApiError(
        SERIAL_WRONG_STATE,
        _("This cannot be done with %(serial)s in its present state (%(state)s)."),
        params={"sku": sku, "serial": serial, "state": state},
    )


def room_not_found(room_id: object, *, field: str | None = None) -> ApiError:
    """The store has no room of this id."""
    return ApiError(ROOM_NOT_FOUND, _("The store has no such stock room."), field=field, params={"room": str(room_id)})


def same_room() -> ApiError:
    """A move from a room into itself."""
    return ApiError(INVALID, _("Choose two different stock rooms."), field="toRoomId")


def serial_just_booked() -> ApiError:
    """Two stores book the same new serial at once; a repeat sees the other's booking."""
    return ApiError(TRY_AGAIN, _("Someone else has just booked the same serial number. Please try again."))


def reservation_not_found(reservation_id: object) -> ApiError:
    """No reservation has this id."""
    return ApiError(
        RESERVATION_NOT_FOUND, _("This reservation does not exist."), params={"reservation": str(reservation_id)}
    )


def reservation_expired(reservation_id: object) -> ApiError:
    """The hold ran out or was released: the goods are no longer kept."""
    return ApiError(
        RESERVATION_EXPIRED,
        _("The goods are no longer kept for you. Please reserve them again."),
        params={"reservation": str(reservation_id)},
    )


def reservation_closed(reservation_id: object, state: str) -> ApiError:
    """It can no longer be changed in this way."""
    return ApiError(
        RESERVATION_CLOSED,
        _("This reservation can no longer be changed (%(state)s)."),
        params={"reservation": str(reservation_id), "state": state},
    )


def store_not_found(store_id: str, *, field: str | None = None) -> ApiError:
    """No active store has this id."""
    return ApiError(STORE_NOT_FOUND, _("There is no such store."), field=field, params={"store": store_id})


def source_key_reused(source_key: str) -> ApiError:
    """The source key was used for something else."""
    return ApiError(
        IDEMPOTENCY_MISMATCH,
        _("%(key)s was already booked with other contents."),
        params={"key": source_key},
    )


def serial_twice(sku: str, serial: str, *, field: str | None = None) -> ApiError:
    """One number stands for two pieces, or twice for one."""
    return ApiError(
        SERIAL_TWICE,
        _("%(serial)s was scanned twice: scan each piece once."),
        field=field,
        params={"sku": sku, "serial": serial},
    )


def serial_in_transit(sku: str, serial: str) -> ApiError:
    """The unit is on its way by a transfer, and only that transfer brings it in."""
    return ApiError(
        SERIAL_IN_TRANSIT,
        _("%(serial)s is on its way between two stores: receive it with its transfer."),
        params={"sku": sku, "serial": serial},
    )


def over_receipt(sku: str, *, expected: int, counted: int) -> ApiError:
    """More came than the tolerance lets a clerk receive."""
    return ApiError(
        OVER_RECEIPT,
        _("%(counted)s of %(sku)s were counted and only %(expected)s are expected: a manager must approve it."),
        params={"sku": sku, "expected": expected, "counted": counted},
    )


def delivery_note_known(*, supplier: str, number: str, store: str, state: str) -> ApiError:
    """The delivery note is in the books already; nothing is booked a second time."""
    return ApiError(
        DELIVERY_NOTE_KNOWN,
        _("Nothing was booked: delivery note %(number)s of %(supplier)s is in the books (%(store)s, %(state)s)."),
        field="number",
        params={"supplier": supplier, "number": number, "store": store, "state": state},
    )


def document_not_found(message: Message) -> ApiError:
    """No notice, transfer or return of this id; the message says which is meant."""
    return ApiError(NOT_FOUND, message)


def document_closed(document: str, state: str) -> ApiError:
    """What is asked cannot follow on the state of the notice, transfer or return."""
    return ApiError(
        DOCUMENT_CLOSED,
        _("This cannot be done with %(document)s any more, or not yet (%(state)s)."),
        params={"document": document, "state": state},
    )


def not_approved(sku: str, *, approved: int, wanted: int) -> ApiError:
    """More is to be approved or shipped than was requested or approved."""
    return ApiError(
        NOT_APPROVED,
        _("%(wanted)s of %(sku)s are more than the %(approved)s of this transfer."),
        params={"sku": sku, "approved": approved, "wanted": wanted},
    )


def serial_counted_elsewhere(sku: str, serial: str, state: str, store: str) -> ApiError:
    """A piece was counted here that the books have in another store, on the way or with a customer."""
    return ApiError(
        SERIAL_COUNTED_ELSEWHERE,
        _("%(serial)s was counted here, but by the books it is elsewhere (%(state)s, %(store)s)."),
        params={"sku": sku, "serial": serial, "state": state, "store": store},
    )


def contradiction_not_found(contradiction_id: object) -> ApiError:
    """No contradiction has this id."""
    return ApiError(
        NOT_FOUND, _("There is no such entry in the list."), params={"contradiction": str(contradiction_id)}
    )


def contradiction_settled(contradiction_id: object, by: str, at: datetime) -> ApiError:
    """Someone else was faster, or it was settled otherwise."""
    return ApiError(
        CONTRADICTION_SETTLED,
        _("%(by)s has settled this already, at %(at)s."),
        params={"contradiction": str(contradiction_id), "by": by, "at": f"{at:%Y-%m-%d %H:%M} UTC"},
    )


def settlement_not_possible(settlement: str, why: str) -> ApiError:
    """The present state of the books does not allow it; `why` is a sentence."""
    message = _("This cannot be settled in that way now. %(why)s")
    return ApiError(SETTLEMENT_NOT_POSSIBLE, message, field="settlement", params={"settlement": settlement, "why": why})


def reason_required() -> ApiError:
    """A correction of the books without a word why."""
    return ApiError(REQUIRED, _("Say in a few words how you know."), field="reason")


def changed_meanwhile() -> ApiError:
    """Between looking and locking someone booked something."""
    return ApiError(TRY_AGAIN, _("Someone has just booked something for this piece. Please try again."))


def esim_pool_empty(sku: str) -> ApiError:
    """Fewer profiles are available than wanted."""
    return ApiError(ESIM_POOL_EMPTY, _("No eSIM of %(sku)s is left. Please try again later."), params={"sku": sku})


def esim_not_found(iccid: str) -> ApiError:
    """No profile has this ICCID."""
    return ApiError(ESIM_NOT_FOUND, _("No eSIM with the number %(iccid)s is known."), params={"iccid": iccid})


def esim_wrong_state(iccid: str, state: str) -> ApiError:
    """What is asked cannot follow on the state of the profile."""
    return ApiError(
        ESIM_WRONG_STATE,
        _("This cannot be done with the eSIM %(iccid)s in its present state (%(state)s)."),
        params={"iccid": iccid, "state": state},
    )


def device_blacklisted(sku: str, serial: str, status: str) -> ApiError:
    """A device that came in is on the industry's list."""
    return ApiError(
        DEVICE_BLACKLISTED,
        _("%(serial)s is on the list of lost and stolen devices (%(status)s): it must not be sold."),
        params={"sku": sku, "serial": serial, "status": status},
    )


def core_difference_not_found(difference_id: int) -> ApiError:
    """No such entry on the list of differences with the core."""
    return ApiError(NOT_FOUND, _("This difference with the core does not exist."), params={"id": difference_id})
