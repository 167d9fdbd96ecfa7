"""The whole ASGI application: the clients' files, security headers and health."""

import asyncio

import httpx
import pytest
from django.db.utils import ConnectionHandler

from storefront_api import asgi, views, web

PAGE, SCRIPT = "<!doctype html><title>{}</title>", "console.log(1)"


class Site:
    """The application, asked request by request."""

    def __init__(self, application):
        self.application = application

    def get(self, path):
        return self.ask("GET", path)

    def ask(self, method, path, content=None):
        return asyncio.run(self._ask(method, path, content))

    async def _ask(self, method, path, content):
        transport = httpx.ASGITransport(self.application)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.request(method, path, content=content)


@pytest.fixture
def site(tmp_path, settings):
    """The application with two built clients and one collected file."""
    for name in ("pos_client", "web_client"):
        dist = tmp_path / name / "dist"
        (dist / "assets").mkdir(parents=True)
        (dist / "index.html").write_text(PAGE.format(name))
        (dist / "sw.js").write_text(SCRIPT)
        (dist / "assets" / "main-1a2b.js").write_text(SCRIPT)
    settings.BASE_DIR, settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path, tmp_path / "static", tmp_path / "media"
    for folder, file in ((settings.STATIC_ROOT, "admin.css"), (settings.MEDIA_ROOT, "phone.svg")):
        folder.mkdir()
        (folder / file).write_text("x")
    return Site(asgi.build())


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/pos/", "/graphql/", "/admin/", "/static/admin.css", "/media/phone.svg", "/no"])
def test_every_answer_is_guarded(site, path):
    response = site.get(path)
    assert response.status_code < 400
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "camera=(self)" in response.headers["Permissions-Policy"]
    policy = dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    allowed = "'self' 'unsafe-eval'" if path == "/admin/" else "'self'"
    assert policy["script-src"] == allowed


def test_refusals_are_guarded_too(site):
    for response in (site.get("/static/no.css"), site.ask("POST", "/"), site.ask("POST", "/graphql/", b"{")):
        assert response.status_code >= 400
        assert response.headers["Content-Security-Policy"] == web.CLIENT_POLICY


def test_a_client_s_own_addresses_are_its_page(site):
    for path in ("/", "/product/pixel-9", "/product/tab-10.5", "/order/abc", "/index.html"):
        response = site.get(path)
        assert (response.status_code, "web_client" in response.text) == (200, True), path
        assert response.headers["Cache-Control"] == "no-cache"
    for path in ("/pos/", "/pos/sell", "/pos/pickups/abc"):
        response = site.get(path)
        assert (response.status_code, "pos_client" in response.text) == (200, True), path
        assert response.headers["Cache-Control"] == "no-cache"
    redirected = site.get("/pos")
    assert (redirected.status_code, redirected.headers["location"]) == (307, "/pos/")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/gone-9f.js",
        "/pos/assets/gone-9f.js",
        "/gone.js",
        "/pos/gone.webmanifest",
        "/static/gone.css",
        "/media/gone.svg",
        "/static/..%2f..%2fsecrets.json",
        "/..%2f..%2fsecrets.json",
        "/pos/%2e%2e/%2e%2e/secrets.json",
    ],
)
def test_a_missing_file_is_missing(site, path):
    response = site.get(path)
    assert response.status_code == 404
    assert "<title>" not in response.text


def test_hashed_files_are_kept_and_the_service_worker_is_asked_for(site):
    assert "immutable" in site.get("/assets/main-1a2b.js").headers["Cache-Control"]
    assert "immutable" in site.get("/pos/assets/main-1a2b.js").headers["Cache-Control"]
    assert site.get("/pos/sw.js").headers["Cache-Control"] == "no-cache"
    assert site.ask("HEAD", "/").status_code == 200
    assert site.ask("POST", "/").status_code == 405


def test_a_client_that_was_not_built_is_not_found(site, settings):
    (settings.BASE_DIR / "web_client" / "dist" / "index.html").unlink()
    assert site.get("/").status_code == 404


def test_graphiql_is_shown_to_a_browser_without_inline_script(site):
    page = site.get("/graphql/")
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert 'type="module" src="/static/graphiql/' in page.text


@pytest.mark.django_db
def test_healthy(client, settings):
    response = client.get("/health/")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "demo": settings.DEBUG})


@pytest.mark.django_db
def test_not_healthy_while_tables_are_missing(client):
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="carts").latest("id").delete()
    response = client.get("/health/")
    assert (response.status_code, response.json()) == (503, {"status": "unavailable", "reason": "migrations"})


@pytest.mark.django_db  # Only to be allowed to try.
def test_not_healthy_without_a_database(client, monkeypatch, settings):
    nowhere = settings.DATABASES["default"] | {"HOST": "127.0.0.1", "PORT": "1", "OPTIONS": {"connect_timeout": 2}}
    monkeypatch.setattr(views, "connection", ConnectionHandler({"default": nowhere})["default"])
    response = client.get("/health/")
    assert (response.status_code, response.json()) == (503, {"status": "unavailable", "reason": "database"})


@pytest.mark.parametrize(
    ("cookie", "partitioned"),
    [
        (b"sessionid=1; Secure; SameSite=None", True),
        (b"sessionid=1; Secure; SameSite=None; Partitioned", True),
        (b"sessionid=1; SameSite=Lax", False),
    ],
)
def test_cookies_of_frames_are_kept_apart_for_each_site(cookie, partitioned):
    name, value = web._partitioned((b"Set-Cookie", cookie))
    assert name == b"Set-Cookie"
    assert value.count(b"Partitioned") == int(partitioned)
    assert value.startswith(cookie)
