"""What can go wrong at the boundary to the core. Callers translate them."""

from datetime import timedelta

from kernel.backoff import TriedLater


class CoreError(Exception):
    """Base of everything that `commerce.core` raises on purpose."""


class CoreUnavailable(CoreError, TriedLater):
    """The core did not answer, or not in a way that says what happened: try again later.

    After a write this also means that the outcome is unknown (a lost reply): the write may have happened.
    `retry_after` is set where the core said how long it wants to be left alone.
    """

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class CoreRefused(CoreError):
    """The core answered and refused; repeating the same call gives the same answer.

    `code` is Saleor's error code (for instance INSUFFICIENT_STOCK), PERMISSION_DENIED, or NOT_FOUND when the
    object does not exist. `variants` and `lines` are core ids that caused it, empty when the core names none.
    """

    def __init__(
        self,
        code: str,
        message: str,
        field: str | None = None,
        *,
        variants: tuple[str, ...] = (),
        lines: tuple[str, ...] = (),
    ) -> None:
        super().__init__(f"{code}: {message}" + (f" ({field})" if field else ""))
        self.code = code
        self.message = message
        self.field = field
        self.variants = variants
        self.lines = lines
