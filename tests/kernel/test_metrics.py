"""Figures: what is counted, and what is read from the tables when somebody asks."""

import datetime as dt

import pytest
from django.db import OperationalError, transaction
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from kernel import clock, metrics, outbox, sagas, work
from kernel.errors import ApiError
from kernel.models import OutboxMessage, Saga, SagaState

pytestmark = pytest.mark.django_db(transaction=True)


def figures():
    """Every sample of the page by name and labels."""
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value for family in families for sample in family.samples
    }


def counted(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0.0


def publish(topic, aggregate="a"):
    with transaction.atomic():
        return outbox.publish(topic=topic, aggregate=aggregate, payload={})


def test_what_waits_in_the_outbox_and_how_long(frozen):
    publish("t", "a")
    frozen.advance(seconds=90)
    publish("t", "b")

    found = figures()

    assert found["suite_outbox_waiting",] == 2
    assert found["suite_outbox_oldest_seconds",] == 90
    OutboxMessage.objects.update(delivered_at=clock.now())
    found = figures()
    assert (found["suite_outbox_waiting",], found["suite_outbox_oldest_seconds",]) == (0, 0)


def test_sagas_that_are_not_finished_by_state(frozen):
    at = clock.now() - dt.timedelta(seconds=30)
    for number, state in enumerate(("RUNNING", "RUNNING", "STUCK", "DONE", "FAILED")):
        Saga.objects.create(kind="k", key=str(number), state=state, data={}, created_at=at)

    found = figures()

    by_state = {dict(key[1:])["state"]: value for key, value in found.items() if key[0] == "suite_sagas_open"}
    assert by_state == {"RUNNING": 2, "COMPENSATING": 0, "STUCK": 1}
    assert found["suite_saga_oldest_seconds", ("state", "STUCK")] == 30
    assert found["suite_saga_oldest_seconds", ("state", "COMPENSATING")] == 0


def test_a_scrape_asks_few_questions(django_assert_num_queries):
    for number in range(20):
        publish("t", str(number))
    # One for each kind of thing that waits, beside the time limit and the transaction's own.
    with django_assert_num_queries(12):
        metrics.exposition()


def test_deliveries_by_topic_and_what_came_of_them():
    def fail(payload, message_id):
        raise ValueError("no")

    before = counted("suite_outbox_deliveries_total", topic="t.bad", outcome="failed")
    with outbox.only_handlers({"t.bad": [fail]}):
        publish("t.bad")
        publish("t.good", "b")
        assert outbox.deliver_due() == 1

    assert counted("suite_outbox_deliveries_total", topic="t.bad", outcome="failed") == before + 1
    assert counted("suite_outbox_deliveries_total", topic="t.good", outcome="delivered") == 1


def test_ends_of_sagas():
    def refuse(context):
        raise ApiError("NO_STOCK", "no")

    for kind, do in (("metrics.done", lambda context: {}), ("metrics.failed", refuse)):
        sagas.register(sagas.Definition(kind, [sagas.Step("only", do)]))
    try:
        sagas.run("metrics.done", "1", {})
        with pytest.raises(ApiError):
            sagas.run("metrics.failed", "1", {})
    finally:
        for kind in ("metrics.done", "metrics.failed"):
            sagas.unregister(kind)

    assert counted("suite_saga_ends_total", kind="metrics.done", state=SagaState.DONE) == 1
    assert counted("suite_saga_ends_total", kind="metrics.failed", state=SagaState.FAILED) == 1


def test_a_refusal_is_counted_by_operation_and_code():
    with work.doing("CartComplete"):
        metrics.refused("PRICE_CHANGED")
    assert counted("suite_errors_total", operation="CartComplete", code="PRICE_CHANGED") == 1


def test_without_a_database_the_page_says_so(monkeypatch):
    assert figures()["suite_database_up",] == 1

    def away():
        raise OperationalError("no connection")

    monkeypatch.setattr(metrics, "_readers", [away])
    found = figures()

    assert found["suite_database_up",] == 0
    assert ("suite_outbox_waiting",) not in found


def test_asking_for_figures_twice_asks_once(monkeypatch):
    monkeypatch.setattr(metrics, "_readers", [])
    for _time in range(2):
        metrics.at_scrape(metrics.outbox_waiting)
    assert metrics._readers == [metrics.outbox_waiting]
