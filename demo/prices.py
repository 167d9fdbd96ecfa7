"""Prices of the demonstration's channels, in each one's own terms."""

YUAN_A_DOLLAR = 7


def yuan(dollars: float) -> str:
    """What a price in dollars without tax is in yuan with it, ending in 9 or 99 as Chinese prices do."""
    amount = dollars * YUAN_A_DOLLAR
    if not amount:
        return "0.00"
    step = 10 if amount < 1000 else 100
    return f"{max(9, round(amount / step) * step - 1)}.00"


def listing(price: str, before: str | None = None) -> dict[str, str | None]:
    """A price in the core's loading format, with what it was `before` it was reduced."""
    return {"price": price, "undiscounted_price": before}
