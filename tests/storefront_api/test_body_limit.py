"""What is too large is refused before it is kept, whether its length is told or not."""

import pytest
from asgiref.sync import async_to_sync

from storefront_api.body_limit import MOST_ADMIN_BYTES, MOST_BYTES, BodyLimit

CHUNK = 64 * 1024


class Django:
    """As Django reads a body: whole, and it answers nothing to a client that hung up."""

    def __init__(self):
        self.kept = b""

    async def __call__(self, scope, receive, send):
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.kept = b""
                return
            self.kept += message.get("body", b"")
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


class Client:
    """Sends so many bytes in chunks; notes how many were asked for, and the status."""

    def __init__(self, size):
        self.left, self.asked, self.status = size, 0, 0

    async def receive(self):
        body = b"x" * min(CHUNK, self.left)
        self.left -= len(body)
        self.asked += len(body)
        return {"type": "http.request", "body": body, "more_body": self.left > 0}

    async def send(self, message):
        self.status = message.get("status", self.status)


def sent(size, *, path="/webhooks/saleor/", length=None):
    django, client = Django(), Client(size)
    headers = [(b"content-length", str(length).encode())] if length is not None else []
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
    async_to_sync(BodyLimit(django))(scope, client.receive, client.send)
    return client, django


@pytest.mark.parametrize(("path", "most"), [("/webhooks/saleor/", MOST_BYTES), ("/admin/x/", MOST_ADMIN_BYTES)])
def test_up_to_the_limit_all_arrives(path, most):
    client, django = sent(most, path=path, length=most)
    assert (client.status, len(django.kept)) == (200, most)


def test_a_told_length_beyond_it_is_refused_unread():
    client, django = sent(MOST_BYTES + 1, length=MOST_BYTES + 1)
    assert (client.status, client.asked, django.kept) == (413, 0, b"")


@pytest.mark.parametrize("length", [None, 10])
def test_one_that_grows_beyond_it_is_refused_where_it_does(length):
    client, django = sent(50 * MOST_BYTES, length=length)
    assert (client.status, django.kept) == (413, b"")
    assert client.asked <= MOST_BYTES + CHUNK


def test_the_path_s_look_alike_is_not_the_admin():
    assert sent(MOST_BYTES + 1, path="/administrators/")[0].status == 413
