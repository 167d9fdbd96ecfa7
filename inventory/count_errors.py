"""What stock counts and adjustments refuse, by stable code. `params` name the SKU, as those of `errors` do."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from kernel.errors import ApiError

from .errors import INVALID_QUANTITY, MAX_QUANTITY

COUNT_NOT_FOUND = "COUNT_NOT_FOUND"
COUNT_EMPTY = "COUNT_EMPTY"
COUNT_CLOSED = "COUNT_CLOSED"
COUNT_ROUND_OVER = "COUNT_ROUND_OVER"
COUNT_OUT_OF_SCOPE = "COUNT_OUT_OF_SCOPE"
COUNT_CLOCK = "COUNT_CLOCK"
COUNT_INCOMPLETE = "COUNT_INCOMPLETE"
COUNT_NOT_ACCEPTED = "COUNT_NOT_ACCEPTED"
COUNT_RECOUNT_NEEDED = "COUNT_RECOUNT_NEEDED"
COUNT_OWN_WORK = "COUNT_OWN_WORK"
REASON_NOT_FOUND = "REASON_NOT_FOUND"
ADJUSTMENT_NOT_FOUND = "ADJUSTMENT_NOT_FOUND"
ADJUSTMENT_DECIDED = "ADJUSTMENT_DECIDED"
ADJUSTMENT_OWN_WORK = "ADJUSTMENT_OWN_WORK"


def invalid_count(sku: str, quantity: object) -> ApiError:
    """Not a whole number from 0 to MAX_QUANTITY."""
    return ApiError(
        INVALID_QUANTITY,
        _("What is counted of %(sku)s must be a whole number from 0 to %(max)s, not %(quantity)s."),
        params={"sku": sku, "quantity": str(quantity), "max": MAX_QUANTITY},
    )


def count_not_found() -> ApiError:
    """The store has no such count, or the count no such part or line."""
    return ApiError(COUNT_NOT_FOUND, _("This store has no such stock count."))


def count_empty() -> ApiError:
    """Nothing in the store is within the scope."""
    return ApiError(COUNT_EMPTY, _("There is nothing to count: no stocked article is within this choice."))


def count_closed(state: str) -> ApiError:
    """It was authorised or cancelled, or this part of it is counted; `state` in words."""
    return ApiError(
        COUNT_CLOSED, _("This cannot be done with the stock count any more (%(state)s)."), params={"state": state}
    )


def count_round_over(round_now: int) -> ApiError:
    """What was counted belongs to an earlier round: a manager has asked for a recount since."""
    return ApiError(
        COUNT_ROUND_OVER,
        _("A recount was asked for meanwhile: please count again."),
        params={"round": round_now},
    )


def count_out_of_scope(sku: str) -> ApiError:
    """The SKU belongs to another part, or is not counted at all."""
    return ApiError(COUNT_OUT_OF_SCOPE, _("%(sku)s is not part of this count."), params={"sku": sku})


def count_clock() -> ApiError:
    """The device's time lies before the count was opened, or in the future."""
    return ApiError(
        COUNT_CLOCK,
        _("The time of this device is wrong: it lies before the count was opened or in the future. Set the clock."),
        field="occurredAt",
    )


def count_incomplete(skus: Sequence[str]) -> ApiError:
    """Some lines were not counted; `params["skus"]` names the first hundred."""
    return ApiError(
        COUNT_INCOMPLETE,
        _("%(count)s articles are not counted yet, %(first)s among them."),
        params={"count": len(skus), "first": skus[0], "skus": list(skus[:100])},
    )


def count_not_accepted(skus: Sequence[str]) -> ApiError:
    """Lines beyond the tolerance that the manager has not accepted singly."""
    return ApiError(
        COUNT_NOT_ACCEPTED,
        _("%(count)s differences are beyond the tolerance and must be accepted one by one, that of %(first)s first."),
        params={"count": len(skus), "first": skus[0], "skus": list(skus[:100])},
    )


def count_recount_needed(skus: Sequence[str]) -> ApiError:
    """Goods moved while these lines were counted, so that nobody can say what is there."""
    return ApiError(
        COUNT_RECOUNT_NEEDED,
        _("Goods moved while they were counted: count %(first)s again (%(count)s articles)."),
        params={"count": len(skus), "first": skus[0], "skus": list(skus[:100])},
    )


def count_own_work() -> ApiError:
    """Whoever counted does not authorise differences beyond the tolerance."""
    return ApiError(
        COUNT_OWN_WORK, _("You counted here yourself: someone else must authorise differences beyond the tolerance.")
    )


def reason_not_found(code: str) -> ApiError:
    """No active reason has this code."""
    return ApiError(REASON_NOT_FOUND, _("There is no such reason."), field="reason", params={"reason": code})


def adjustment_not_found() -> ApiError:
    """The store has no such adjustment."""
    return ApiError(ADJUSTMENT_NOT_FOUND, _("This store has no such adjustment."))


def adjustment_decided(state: str) -> ApiError:
    """Somebody has decided already; `state` in words."""
    return ApiError(ADJUSTMENT_DECIDED, _("This adjustment was decided already (%(state)s)."), params={"state": state})


def adjustment_own_work() -> ApiError:
    """Nobody approves what he asked for."""
    return ApiError(ADJUSTMENT_OWN_WORK, _("You asked for this yourself: someone else must decide."))
