"""Which orders of the core were made here: their pieces are in the books already."""

from commerce.records import CoreOrderStock
from kernel.models import Saga, SagaState, SagaStep
from plugins.carts.core_records import NUMBER_KEY
from plugins.carts.models import Order

_OPEN = (SagaState.RUNNING, SagaState.COMPENSATING, SagaState.STUCK)


def made_here(found: CoreOrderStock) -> bool:
    """Whether it bears the number of an order of ours, or of one that is being placed.

    The number stands in public metadata, which others may write too: it must be that order's.
    """
    number = found.metadata.get(NUMBER_KEY)
    if not number:
        return False
    if Order.objects.filter(number=number, core_id__in=["", found.id]).exists():
        return True
    # The order's row is written last.
    open_sagas = Saga.objects.filter(state__in=_OPEN)
    return SagaStep.objects.filter(saga__in=open_sagas, result__number=number).exists()
