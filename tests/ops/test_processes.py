"""Several processes of one machine: any server tells the figures of all, and keeps those of one that is gone."""

import gzip
import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import transaction

from demo.machine import ROOT
from kernel import outbox
from kernel.models import OutboxMessage
from storefront_api import documents
from tests.faults.servers import Server, database_url, eventually, servers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

CHANNELS = next(documents.id_of(text) for text in documents.persisted_texts() if "query Channels" in text)
TOKEN = {"Authorization": "Bearer figures-1"}


def figures(server: Server) -> str:
    answer = server.http.get("/metrics", headers=TOKEN)
    assert answer.status_code == 200
    return answer.text


def value(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.M)
    return float(found[1]) if found else 0.0


def ask(server: Server, times: int) -> None:
    for _time in range(times):
        assert server.http.post("/graphql/", json={"documentId": CHANNELS}).status_code == 200


@pytest.fixture
def gathered(tmp_path):
    (tmp_path / "metrics").mkdir()
    return {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"), "METRICS_TOKEN": "figures-1", "LOG_FORMAT": "json"}


def test_any_server_tells_the_figures_of_all_and_of_the_worker(tmp_path, gathered):
    with transaction.atomic():
        outbox.publish(topic="t", aggregate="a", payload={})
    requests = 'suite_request_seconds_count{operation="Channels"}'
    with servers(tmp_path, 2, **gathered) as [one, other]:
        ask(one, 3)
        ask(other, 4)
        # A request is counted when its answer is on its way.
        eventually(lambda: [value(figures(server), requests) for server in (one, other)] == [7, 7])
        assert value(figures(one), "suite_outbox_waiting") == 1

        with worker(tmp_path, gathered):
            delivered = 'suite_outbox_deliveries_total{outcome="delivered",topic="t"}'
            # The task is the last to be counted: when it has ended.
            task = 'suite_task_seconds_count{outcome="success",task="kernel.tasks.deliver_outbox"}'
            eventually(lambda: value(figures(other), task) >= 1)
            text = figures(other)
        assert value(text, delivered) == 1
        assert value(text, "suite_outbox_waiting") == 0

        other.kill()
        # Counters never fall.
        assert value(figures(one), requests) == 7
    assert OutboxMessage.objects.get().delivered_at is not None
    lines = [json.loads(line) for line in (tmp_path / "worker.log").read_text().splitlines() if line.startswith("{")]
    assert any("celery" in line["logger"] for line in lines)


class worker:
    """A worker and a wake-up for it, as the broker's folder carries them."""

    def __init__(self, folder, variables):
        self.folder = folder
        self.environment = {key: kept for key, kept in os.environ.items() if not key.startswith("TEST_DB")} | {
            "DATABASE_URL": database_url(), "SUITE_VAR_DIR": str(folder), **variables,
        }  # fmt: skip

    def __enter__(self):
        celery = [sys.executable, "-m", "celery", "-A", "storefront_api"]
        with (self.folder / "worker.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*celery, "worker", "--pool", "threads", "-c", "2"],
                cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        subprocess.run([*celery, "call", "kernel.tasks.deliver_outbox"], cwd=ROOT, env=self.environment, check=True,
                       capture_output=True)  # fmt: skip
        return self

    def __exit__(self, *_exception):
        self.process.terminate()
        self.process.wait(60)


class Collector(BaseHTTPRequestHandler):
    """Takes what is sent to an OTLP address over HTTP."""

    received: list[tuple[str, bytes]] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        plain = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
        self.received.append((self.path, plain))
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words):
        """Quiet."""


def test_spans_are_sent_to_the_address_and_the_last_ones_when_the_server_stops(tmp_path):
    collector = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=collector.serve_forever, daemon=True).start()
    Collector.received.clear()
    try:
        address = f"http://127.0.0.1:{collector.server_port}"
        with servers(tmp_path, 1, OTEL_EXPORTER_OTLP_ENDPOINT=address) as [server]:
            ask(server, 1)
    finally:
        collector.shutdown()
        collector.server_close()
    assert {path for path, _body in Collector.received} == {"/v1/traces"}
    sent = b"".join(body for _path, body in Collector.received)
    assert b"Channels" in sent
    assert b"suite-server" in sent


def test_with_json_every_line_of_a_server_is_an_object_and_names_its_request(tmp_path, gathered):
    with servers(tmp_path, 1, **gathered) as [server]:
        answer = server.http.post(
            "/webhooks/saleor/",
            content=b"{}",
            headers={"Saleor-Event": "product_updated", "X-Request-ID": "from-nginx-1"},
        )
        assert answer.status_code == 401
        assert answer.headers["X-Request-ID"] == "from-nginx-1"
        log = server.log
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    ours = [line for line in lines if line.get("request_id") == "from-nginx-1"]
    [refused] = [line for line in ours if line["logger"] == "commerce.views"]
    assert (refused["operation"], refused["level"]) == ("webhooks", "WARNING")
    # Django's word about the answer, once.
    assert len(ours) == 2
