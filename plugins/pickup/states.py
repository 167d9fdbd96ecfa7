"""The life of a pickup, after Oracle's Store Connect and Order Orchestration: a table of the allowed moves."""

from enum import StrEnum


class State(StrEnum):
    """Where a pickup stands; the names are the contract's."""

    PLACED = "PLACED"
    ACCEPTED = "ACCEPTED"
    PICKING = "PICKING"
    READY = "READY"
    HANDED_OVER = "HANDED_OVER"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"


MOVES: dict[State, frozenset[State]] = {
    State.PLACED: frozenset({State.ACCEPTED, State.REJECTED, State.CANCELLED}),
    State.ACCEPTED: frozenset({State.PICKING, State.REJECTED, State.CANCELLED}),
    State.PICKING: frozenset({State.READY, State.REJECTED, State.CANCELLED}),
    State.READY: frozenset({State.HANDED_OVER, State.EXPIRED, State.CANCELLED}),
    State.HANDED_OVER: frozenset(),
    State.REJECTED: frozenset(),
    State.EXPIRED: frozenset(),
    State.CANCELLED: frozenset(),
}
OPEN = frozenset(state for state, moves in MOVES.items() if moves)


def may(current: State, target: State) -> bool:
    """Whether a pickup may go from one state to the other."""
    return target in MOVES[current]
