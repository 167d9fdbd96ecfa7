"""Every request has an id, a time and, if wanted, a span; the figures are shown to nobody who has no token."""

import asyncio
import json
import logging

import httpx
import pytest
from celery import states
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import REGISTRY

from kernel import tasks, tracing, work
from plugins.guided_search.loader import first_build
from storefront_api import asgi, documents, observed

pytestmark = pytest.mark.django_db(transaction=True)

CHANNELS = next(documents.id_of(text) for text in documents.persisted_texts() if "query Channels" in text)
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


def ask(method, path, *, headers=(), body=None):
    """One answer of the whole application."""

    async def asked():
        transport = httpx.ASGITransport(asgi.build())
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.request(method, path, headers=dict(headers), json=body)

    return asyncio.run(asked())


def graphql(body, **headers):
    return ask("POST", "/graphql/", headers=headers, body=body)


def counted(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.fixture
def spans():
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    tracing.use(provider)
    yield lambda: {span.name: span for span in exporter.get_finished_spans()}
    tracing.use(None)


@pytest.mark.parametrize("path", ["/", "/graphql/", "/health/live/", "/no/such/page.css"])
def test_every_answer_names_its_request(path):
    one, other = ask("GET", path), ask("GET", path)
    assert len(one.headers.get_list("X-Request-ID")) == 1
    assert len(one.headers["X-Request-ID"]) == 32
    assert one.headers["X-Request-ID"] != other.headers["X-Request-ID"]


def test_a_proxy_s_id_is_kept_and_what_is_none_is_not():
    assert ask("GET", "/health/live/", headers={"X-Request-ID": "from-nginx-1"}).headers["X-Request-ID"] == (
        "from-nginx-1"
    )
    assert ask("GET", "/health/live/", headers={"X-Request-ID": "a b"}).headers["X-Request-ID"] != "a b"


def test_requests_are_counted_by_persisted_operation_and_free_documents_together(counter):
    before = {
        name: counted("suite_request_seconds_count", operation=name) for name in ("Channels", "free document", "shop")
    }

    assert graphql({"documentId": CHANNELS}).status_code == 200
    assert graphql({"documentId": CHANNELS}).status_code == 200
    assert graphql({"query": "query Whatever { channels { slug } }"}).status_code == 200
    ask("GET", "/order/some-capability")

    after = {name: counted("suite_request_seconds_count", operation=name) for name in before}
    assert after == {name: before[name] + n for name, n in (("Channels", 2), ("free document", 1), ("shop", 1))}
    assert counted("suite_request_seconds_count", operation="Whatever") == 0


def test_refusals_are_counted_by_code_in_payloads_and_at_the_top():
    document = 'mutation { posSignIn(registerToken: "x", staffCode: "1", pin: "246810") { errors { code } } }'
    labels = {"operation": "free document"}
    before = [counted("suite_errors_total", code=code, **labels) for code in ("REGISTER_UNKNOWN", "UNAUTHENTICATED")]

    [error] = graphql({"query": document}).json()["data"]["posSignIn"]["errors"]
    graphql({"query": "{ asked_nowhere_else: me { email } }"}, Authorization="Bearer nobody")

    assert error["code"] == "REGISTER_UNKNOWN"
    assert counted("suite_errors_total", code="REGISTER_UNKNOWN", **labels) == before[0] + 1
    # Who has no name has no document yet, unless somebody has asked it before: the page is told.
    assert counted("suite_errors_total", code="UNAUTHENTICATED", operation="graphql") >= 1


def test_answers_of_400_and_more_are_counted():
    before = counted("suite_request_failures_total", operation="health", status="403")
    assert ask("POST", "/health/").status_code == 403
    assert counted("suite_request_failures_total", operation="health", status="403") == before + 1


def test_the_figures_are_shown_to_nobody_by_default(settings):
    assert settings.METRICS_TOKEN == ""
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Bearer x"}):
        answer = ask("GET", "/metrics", headers=headers)
        assert (answer.status_code, "suite_" in answer.text) == (404, False)


def test_the_figures_are_shown_for_their_token_alone(settings):
    settings.METRICS_TOKEN = "figures-1"
    for told in ("", "Bearer ", "Bearer figures-2", "figures-1", "Basic figures-1"):
        answer = ask("GET", "/metrics", headers={"Authorization": told})
        assert (answer.status_code, "suite_" in answer.text) == (401, False), told
    answer = ask("GET", "/metrics", headers={"Authorization": "Bearer figures-1"})
    assert answer.status_code == 200
    for name in ("suite_request_seconds_bucket", "suite_outbox_waiting", "suite_broker_up 1.0", "suite_queue_waiting"):
        assert name in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_broker_that_is_away_is_a_figure(settings):
    settings.METRICS_TOKEN = "figures-1"
    settings.CELERY_BROKER_URL = "amqp://127.0.0.1:1//"
    answer = ask("GET", "/metrics", headers={"Authorization": "Bearer figures-1"})
    assert (answer.status_code, "suite_broker_up 0.0" in answer.text) == (200, True)
    assert "suite_queue_waiting" not in answer.text


def test_liveness_asks_nothing_and_readiness_waits_for_the_search_index(client):
    assert ask("GET", "/health/live/").json() == {"status": "ok"}
    first_build.begin()
    try:
        waiting = client.get("/health/")
        assert (waiting.status_code, waiting.json()) == (503, {"status": "unavailable", "reason": "search"})
        assert ask("GET", "/health/live/").status_code == 200
    finally:
        first_build.ended()
    assert client.get("/health/").status_code == 200


def test_logs_name_the_request_and_hold_no_token(caplog, monkeypatch, front):
    seen = []

    class Kept(logging.Handler):
        def emit(self, record):
            from kernel.logs import JsonFormatter

            seen.append(json.loads(JsonFormatter().format(record)))

    def broken(*_args, **_named):
        raise RuntimeError("a bug")

    monkeypatch.setattr("storefront_api.operations.execute", broken)
    handler = Kept()
    logging.getLogger("storefront_api").addHandler(handler)
    try:
        token = front.tokens["clerk"]
        headers = {"Authorization": f"Bearer {token}", "X-Request-ID": "from-nginx-1"}
        answer = graphql({"query": "mutation { posSync { __typename } }", "variables": {"pin": "246810"}}, **headers)
    finally:
        logging.getLogger("storefront_api").removeHandler(handler)

    assert answer.status_code == 500
    [told] = seen
    assert (told["request_id"], told["actor"]) == ("from-nginx-1", answer_actor(front))
    assert told["store"] == str(front.counter.store.pk)
    assert token not in json.dumps(told)
    assert "246810" not in json.dumps(told)


def answer_actor(front):
    from plugins.staff import tokens

    return tokens.read(front.tokens["clerk"]).scope


def test_a_request_is_a_span_of_its_caller_s_trace(spans, counter):
    graphql({"documentId": CHANNELS}, traceparent=PARENT, **{"X-Request-ID": "from-nginx-1"})

    span = spans()["Channels"]
    assert f"{span.context.trace_id:032x}" == TRACE
    assert (span.kind.name, span.attributes["http.response.status_code"]) == ("SERVER", 200)
    assert span.attributes["suite.request.id"] == "from-nginx-1"


def test_a_span_does_not_hold_the_path(spans):
    ask("GET", "/order/some-capability")
    assert "some-capability" not in spans()["shop"].to_json()


def test_a_task_has_a_time_a_name_and_a_span(spans):
    before = counted("suite_task_seconds_count", task="kernel.tasks.purge", outcome="success")
    observed._task_begins("id-1", tasks.purge)
    assert work.operation() == "kernel.tasks.purge"
    observed._task_ends("id-1", tasks.purge, state=states.SUCCESS)

    assert counted("suite_task_seconds_count", task="kernel.tasks.purge", outcome="success") == before + 1
    assert spans()["kernel.tasks.purge"].kind.name == "CONSUMER"
    assert work.current() is None
