"""Split and join priced lines: by units, when some go and some stay; by months, when the rest is priced anew."""

from collections.abc import Sequence
from dataclasses import replace

from plugins.bundles.price_lines import ExitStep, PriceLine, Rule, Step
from plugins.bundles.rounding import first_of


def split(line: PriceLine, units: int) -> tuple[PriceLine, PriceLine]:
    """The line of `units` of its units and the line of the others: every amount of the two sums to the whole's.

    In whatever order units go, each takes what it would have taken in any other.
    """
    whole = line.quantity

    def part(amounts: Sequence[int]) -> tuple[int, ...]:
        return tuple(first_of(amount, units, whole) for amount in amounts)

    gone_steps = tuple(
        replace(
            step, today=first_of(step.today, units, whole), months=part(step.months), contained=part(step.contained)
        )
        for step in line.steps
    )
    gone_exits = tuple(replace(step, amounts=part(step.amounts)) for step in line.exits)
    gone = _of_units(line, units, gone_steps, gone_exits)
    kept = _of_units(
        line,
        whole - units,
        tuple(_less(step, other) for step, other in zip(line.steps, gone_steps, strict=True)),
        tuple(
            replace(step, amounts=_difference(step.amounts, other.amounts))
            for step, other in zip(line.exits, gone_exits, strict=True)
        ),
    )
    return gone, kept


def joined(old: PriceLine, new: PriceLine, month: int) -> PriceLine:
    """`old` up to `month` and in all that was agreed at the sale, `new` in what is priced anew after it."""
    kept = [step if step.committed else _until(step, month) for step in old.steps if step.committed or step.months]
    later = [_after(step, month) for step in new.steps if not step.committed]
    return replace(
        old,
        steps=tuple(step for step in (*kept, *later) if step.committed or _tells(step)),
        exits=tuple(
            [step for step in old.exits if step.committed] + [step for step in new.exits if not step.committed]
        ),
    )


def ended(line: PriceLine, month: int) -> PriceLine:
    """What a fee was up to `month`; nothing of it follows."""
    return replace(line, steps=tuple(_until(step, month) for step in line.steps), exits=())


def paid_by(line: PriceLine, month: int) -> int:
    """All that was paid for the line in money up to `month`: at the sale, on the bills, less a deposit given back."""
    return line.today + sum(line.months[:month]) - returned_deposit(line, month)


def returned_deposit(line: PriceLine, month: int) -> int:
    """What of the deposit came back because its months are over."""
    return sum(
        -step.amounts[0] for step in line.exits if step.rule is Rule.DEPOSIT_RETURNED and not _at(step.amounts, month)
    )


def traded_in(line: PriceLine) -> int:
    """What was paid for the line with an old device."""
    return -line.of_today(Rule.TRADE_IN)


def _of_units(line: PriceLine, units: int, steps: tuple[Step, ...], exits: tuple[ExitStep, ...]) -> PriceLine:
    chosen = replace(line.chosen, quantity=units) if line.chosen is not None else None
    return replace(line, quantity=units, chosen=chosen, steps=steps, exits=exits)


def _less(step: Step, gone: Step) -> Step:
    return replace(
        step,
        today=step.today - gone.today,
        months=_difference(step.months, gone.months),
        contained=_difference(step.contained, gone.contained),
    )


def _difference(whole: Sequence[int], part: Sequence[int]) -> tuple[int, ...]:
    return tuple(each - other for each, other in zip(whole, part, strict=True))


def _until(step: Step, month: int) -> Step:
    return replace(step, months=step.months[:month], contained=step.contained[: month + 1])


def _after(step: Step, month: int) -> Step:
    months = (0,) * min(month, len(step.months)) + step.months[month:]
    contained = (0,) * min(month + 1, len(step.contained)) + step.contained[month + 1 :]
    return replace(step, months=months, contained=contained)


def _tells(step: Step) -> bool:
    return step.rule is Rule.ALLOWANCE or any(step.months) or any(step.contained)


def _at(amounts: Sequence[int], month: int) -> int:
    return amounts[min(month, len(amounts) - 1)]
