"""The worker's entry points. All may run at any time, any number of times, side by side: the tables decide."""

from celery import shared_task

from kernel import idempotency, outbox, sagas


@shared_task
def deliver_outbox() -> int:
    """Deliver what is due. Woken by each commit that published, and swept every 5 seconds."""
    return outbox.deliver_due()


@shared_task
def resume_sagas() -> int:
    """Take up sagas whose holder crashed or whose wait is over. Swept every 5 seconds."""
    return sagas.resume_due()


@shared_task
def purge() -> int:
    """Forget old idempotency keys and delivered messages. Once an hour."""
    return idempotency.purge() + outbox.purge()
