"""With DEBUG off nobody gets in with what everybody knows: the demonstration's register, staff, sessions and admin."""

import pytest
from django.contrib.auth.models import Group, User

from plugins.staff import services as staff
from storefront_api.auth_backend import DEMO_GROUP
from tests.storefront_api.conftest import code_of

SIGN_IN = """mutation ($register: String!, $code: String!) {
  posSignIn(registerToken: $register, staffCode: $code, pin: "246810") { token errors { code } }
}"""


@pytest.fixture
def demo_register(front):
    store = front.counter.store
    staff.upsert_staff(code="1999", name="Demo", role="clerk", pin="246810", is_demo=True)
    return staff.upsert_register(register_id="register-demo", store_id=store.pk, code="RD", is_demo=True)


def sign_in(front, register, code):
    answer = front.ask(SIGN_IN, register=register, code=code)["data"]["posSignIn"]
    return answer["token"] or answer["errors"][0]["code"]


def test_its_register_and_staff_are_refused_and_others_are_not(front, demo_register, settings):
    own_register = staff.upsert_register(register_id="register-R1", store_id=front.counter.store.pk, code="R1")
    settings.DEBUG = False
    assert sign_in(front, demo_register, "1001") == "REGISTER_UNKNOWN"
    assert sign_in(front, own_register, "1999") == "SIGN_IN_REFUSED"
    assert "." in sign_in(front, own_register, "1001")


def test_its_sessions_end(front, demo_register, settings):
    front.tokens["demo"] = sign_in(front, demo_register, "1999")
    assert code_of(front.ask("{ me { email } }", who="demo")) is None
    settings.DEBUG = False
    assert code_of(front.ask("{ me { email } }", who="demo")) == "UNAUTHENTICATED"


def test_its_admin_is_refused_and_its_session_ends(client, db, settings):
    settings.DEBUG = True
    admin = User.objects.create_superuser("admin", "admin@example.com", "demo-admin-1")
    admin.groups.add(Group.objects.create(name=DEMO_GROUP))
    assert client.login(username="admin", password="demo-admin-1")
    assert client.get("/admin/auth/user/").status_code == 200
    settings.DEBUG = False
    assert client.get("/admin/auth/user/").status_code == 302
    assert not client.login(username="admin", password="demo-admin-1")
