"""Money: a Decimal amount with its ISO 4217 currency. Never a float, never a sum of two currencies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import total_ordering

# ISO 4217 minor units where they are not 2.
_EXPONENTS = {
    code: exponent
    for exponent, codes in {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        3: "BHD IQD JOD KWD LYD OMR TND",
        4: "CLF UYW",
    }.items()
    for code in codes.split()
}


class CurrencyMismatchError(ValueError):
    """Two currencies met in one sum or comparison."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency, exact; `quantized()` rounds it to what can be paid."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"Money needs a Decimal, not {type(self.amount).__name__}.")
        if not self.amount.is_finite():
            raise ValueError("Money needs a finite amount.")
        _check_currency(self.currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        """Nothing, in the currency's own precision."""
        return cls(Decimal(0).quantize(quantum(currency)), currency)

    @classmethod
    def total(cls, items: Iterable["Money"], currency: str) -> "Money":
        """The sum of `items`, zero when there are none. Raises CurrencyMismatchError."""
        return sum(items, cls.zero(currency))

    def quantized(self) -> "Money":
        """Rounded half up to the currency's minor unit."""
        return Money(round_half_up(self.amount, self.currency), self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, times: int) -> "Money":
        if not isinstance(times, int) or isinstance(times, bool):
            return NotImplemented
        return Money(self.amount * times, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def _same(self, other: "Money") -> Decimal:
        if not isinstance(other, Money):
            raise TypeError(f"Money meets {type(other).__name__}.")
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"{self.currency} meets {other.currency}.")
        return other.amount


def quantum(currency: str) -> Decimal:
    """The smallest amount that can be paid: 0.01 for USD, 1 for JPY. Raises ValueError for a malformed code."""
    _check_currency(currency)
    return Decimal(1).scaleb(-_EXPONENTS.get(currency, 2))


def round_half_up(amount: Decimal, currency: str) -> Decimal:
    """`amount` in the currency's precision; halves go away from zero, as on a till receipt."""
    return amount.quantize(quantum(currency), rounding=ROUND_HALF_UP)


def tax_on(net: Decimal, rate: Decimal, currency: str) -> Decimal:
    """Tax on a net amount. `rate` is a fraction: Decimal("0.0825") for 8.25 %."""
    return round_half_up(net * rate, currency)


def allocate(amount: Money, weights: Sequence[int | Decimal]) -> list[Money]:
    """Split `amount` in proportion to `weights`; the parts sum to it exactly.

    What rounding leaves goes, one minor unit each, to the parts that lost most (the first among equals). Raises
    ValueError when no weight is positive, one is negative, or the amount is finer than the minor unit.
    """
    unit = quantum(amount.currency)
    shares = [Decimal(weight) for weight in weights]
    whole = sum(shares, Decimal(0))
    if whole <= 0 or min(shares) < 0:
        raise ValueError("Weights must not be negative and one must be positive.")
    units = amount.amount / unit
    if units != units.to_integral_value():
        raise ValueError(f"{amount} is finer than {unit}.")
    exact = [units * share / whole for share in shares]
    parts = [share.to_integral_value(rounding=ROUND_DOWN) for share in exact]
    rest = int(units - sum(parts))
    by_loss = sorted(range(len(parts)), key=lambda index: (-abs(exact[index] - parts[index]), index))
    for index in by_loss[: abs(rest)]:
        parts[index] += 1 if rest > 0 else -1
    return [Money((part * unit).quantize(unit), amount.currency) for part in parts]


def _check_currency(currency: str) -> None:
    if not (isinstance(currency, str) and len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise ValueError(f"{currency!r} is not an ISO 4217 code.")
