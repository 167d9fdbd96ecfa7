"""nginx of ops/ before two servers: what it takes, what it keeps to itself, and a server that is killed."""

import json
import subprocess

import httpx
import pytest

from demo.machine import free_port
from tests.faults.servers import eventually, servers
from tests.ops.test_files import nginx_configuration, program

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

STORES = {"query": '{ stores(country: "US", first: 1) { edges { node { id } } } }'}


@pytest.fixture
def site(tmp_path):
    """Two servers behind nginx; yields them and a client of nginx."""
    nginx = program("nginx")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "admin.css").write_text("x")
    tmp_path.chmod(0o755)
    with servers(tmp_path, 2, METRICS_TOKEN="figures-1", ALLOWED_HOSTS="shop.example.com,127.0.0.1") as running:
        tls, plain = free_port(), free_port()
        whole = nginx_configuration(tmp_path, ports=[server.port for server in running], tls=tls, plain=plain)
        whole.write_text(f"user root;\n{whole.read_text()}")
        process = subprocess.Popen([nginx, "-p", str(tmp_path), "-c", str(whole)])
        try:
            headers = {"Host": "shop.example.com"}
            with httpx.Client(base_url=f"https://127.0.0.1:{tls}", verify=False, headers=headers) as client:
                eventually(lambda: is_open(client))
                yield running, client, f"http://127.0.0.1:{plain}", tmp_path
        finally:
            process.terminate()
            process.wait(60)


def is_open(client):
    try:
        return client.get("/health/live/")
    except httpx.ConnectError:
        return None


def logged(folder):
    return [json.loads(line) for line in (folder / "suite.json").read_text().splitlines()]


def test_the_proxy(site):
    running, client, plain, folder = site

    # Plain HTTP leads to TLS.
    moved = httpx.get(f"{plain}/pos/", headers={"Host": "shop.example.com"})
    assert (moved.status_code, moved.headers["location"]) == (301, "https://shop.example.com/pos/")

    # One id for the client, nginx and the server; what a client claims to be is not believed.
    answer = client.post("/graphql/", json=STORES, headers={"X-Request-ID": "pretended-1"})
    assert (answer.status_code, "errors" in answer.json()) == (200, False)
    [request_id] = answer.headers.get_list("X-Request-ID")
    assert request_id != "pretended-1"
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    # The line is written when the answer is gone.
    eventually(lambda: [line for line in logged(folder) if line["request_id"] == request_id])
    assert [line["status"] for line in logged(folder) if line["request_id"] == request_id] == [200]

    # The scheme reaches Django: the admin's cookies are for TLS, and its form is accepted from its own origin.
    form = client.get("/admin/login/")
    token = client.cookies["csrftoken"]
    sent = {"csrfmiddlewaretoken": token, "username": "nobody", "password": "wrong"}
    signed_in = client.post("/admin/login/", data=sent, headers={"Referer": "https://shop.example.com/admin/login/"})
    assert (form.status_code, signed_in.status_code) == (200, 200)

    # Limits of bodies.
    assert client.post("/graphql/", content=b"x" * 1_100_000).status_code == 413
    too_long = client.post(
        "/graphql/", content=b'{"query": "' + b"x" * 300_000, headers={"Content-Type": "application/json"}
    )
    assert too_long.status_code == 413

    # What is for the inside stays there; the server itself would tell.
    told = {"Authorization": "Bearer figures-1"}
    assert client.get("/metrics", headers=told).status_code == 404
    assert running[0].http.get("/metrics", headers=told).status_code == 200

    # Files of the disk.
    style = client.get("/static/admin.css")
    assert (style.text, style.headers["Cache-Control"]) == ("x", "public, max-age=3600")
    assert client.get("/static/../suite.json").status_code == 404
    assert client.get("/static..%2fsuite.json").status_code == 404


def test_a_server_that_is_killed_is_not_noticed_by_who_asks_next(site):
    running, client, _plain, folder = site
    for _number in range(20):
        assert client.post("/graphql/", json=STORES).status_code == 200
    both = {f"127.0.0.1:{server.port}" for server in running}
    eventually(lambda: {line["server"] for line in logged(folder) if line["status"] == 200} == both)

    running[0].kill()

    answers = [client.post("/graphql/", json=STORES).status_code for _number in range(40)]
    assert answers == [200] * 40
