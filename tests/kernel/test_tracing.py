"""Spans: off by default, linked from the request over the outbox to the worker, and without anybody's words."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from kernel import outbox, sagas, tracing, work
from kernel.models import OutboxMessage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def spans():
    """What is sent, by name."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.use(provider)
    yield lambda: {span.name: span for span in exporter.get_finished_spans()}
    tracing.use(None)


def publish():
    with transaction.atomic():
        outbox.publish(topic="t", aggregate="a", payload={})


def test_it_is_off_by_default(settings):
    tracing.start("test")

    assert settings.OTEL_EXPORTER_OTLP_ENDPOINT == ""
    assert not tracing.is_on()
    with tracing.span("nothing") as span:
        assert span is None
    assert (tracing.carrier(), tracing.trace_id()) == ({}, "")


def test_an_address_without_the_extra_is_refused_at_the_start(settings, monkeypatch):
    settings.OTEL_EXPORTER_OTLP_ENDPOINT = "http://127.0.0.1:4318"
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(ImproperlyConfigured, match="observability"):
        tracing.start("test")
    assert not tracing.is_on()


def test_a_delivery_belongs_to_the_trace_of_the_request_that_published(spans):
    seen = []
    with work.doing("CartComplete", request_id="request-0001"), tracing.span("CartComplete", kind="SERVER"):
        publish()
    with outbox.only_handlers({"t": [lambda payload, message_id: seen.append(work.current().request_id)]}):
        outbox.deliver_due()

    request, delivery = spans()["CartComplete"], spans()["outbox t"]
    assert delivery.context.trace_id == request.context.trace_id
    assert delivery.parent.span_id == request.context.span_id
    assert delivery.attributes["messaging.message.id"] == OutboxMessage.objects.get().pk
    # Logs of the handler name the request, too.
    assert seen == ["request-0001"]


def test_without_tracing_the_request_s_id_still_travels():
    seen = []
    with work.doing("CartComplete", request_id="request-0001"):
        publish()
    assert OutboxMessage.objects.get().origin == {"request_id": "request-0001"}
    with outbox.only_handlers({"t": [lambda payload, message_id: seen.append(work.current().request_id)]}):
        outbox.deliver_due()
    assert seen == ["request-0001"]


def test_an_error_is_told_by_its_type_and_never_by_its_text(spans):
    with pytest.raises(ValueError), tracing.span("work"):
        raise ValueError("ada@example.com is not known")

    span = spans()["work"]
    assert not span.status.is_ok
    assert span.attributes["error.type"] == "ValueError"
    assert "ada@example.com" not in span.to_json()


def test_each_step_of_a_saga_is_a_span(spans):
    sagas.register(sagas.Definition("traced", [sagas.Step("hold", lambda context: {})]))
    try:
        with tracing.span("request"):
            sagas.run("traced", "1", {})
    finally:
        sagas.unregister("traced")

    step = spans()["saga traced hold"]
    assert step.parent.span_id == spans()["request"].context.span_id
    assert step.attributes["suite.saga.attempt"] == 1
