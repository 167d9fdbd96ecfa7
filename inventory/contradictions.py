"""What was booked although the books spoke against it, kept for a person."""

from collections.abc import Sequence

from kernel.errors import ApiError

from .models import Contradiction, Movement


def record(problems: Sequence[ApiError], movements: Sequence[Movement]) -> None:
    """Keep each problem with the movement of its SKU (`params["sku"]`)."""
    by_sku = {movement.item_id: movement for movement in movements}
    Contradiction.objects.bulk_create(
        [
            Contradiction(
                movement=by_sku[problem.params["sku"]],
                code=problem.code,
                message=problem.message[:500],
                params=problem.params,
            )
            for problem in problems
        ]
    )
