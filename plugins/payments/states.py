"""The states of a payment and the moves between them: a table, without Django."""

from enum import StrEnum


class State(StrEnum):
    """Where a payment stands. What has no move onward is final."""

    PENDING = "PENDING"
    ACTION_REQUIRED = "ACTION_REQUIRED"
    AUTHORISED = "AUTHORISED"
    CAPTURED = "CAPTURED"
    VOIDED = "VOIDED"
    FAILED = "FAILED"
    REFUNDED = "REFUNDED"


# A payment at the counter goes from PENDING to CAPTURED at once; a card is authorised first.
MOVES: dict[State, frozenset[State]] = {
    State.PENDING: frozenset({State.ACTION_REQUIRED, State.AUTHORISED, State.CAPTURED, State.VOIDED, State.FAILED}),
    State.ACTION_REQUIRED: frozenset({State.AUTHORISED, State.VOIDED, State.FAILED}),
    State.AUTHORISED: frozenset({State.CAPTURED, State.VOIDED}),
    State.CAPTURED: frozenset({State.REFUNDED}),
    State.VOIDED: frozenset(),
    State.FAILED: frozenset(),
    State.REFUNDED: frozenset(),
}

# Money that is promised or has come in: it counts towards what an order owes. What was given back did, too: for goods
# that came back.
COVERING = frozenset({State.AUTHORISED, State.CAPTURED, State.REFUNDED})


class IllegalMoveError(Exception):
    """A payment was asked to move where it cannot go."""


def move(current: State, target: State) -> State:
    """The target when the move is allowed; IllegalMoveError otherwise. Staying is always allowed."""
    if target != current and target not in MOVES[current]:
        raise IllegalMoveError(f"a payment cannot go from {current} to {target}")
    return target


def origins(target: State) -> list[str]:
    """The states from which a payment may move to the target, itself among them."""
    return [state for state in State if state == target or target in MOVES[state]]
