from datetime import timedelta

import jwt
import pytest
from django.test import Client
from django.utils import timezone

from embedded_core import ids, models, tokens
from embedded_core.tests.shop import Shop, codes


def _key() -> jwt.PyJWK:
    return jwt.PyJWK(Client().get("/.well-known/jwks.json").json()["keys"][0])


def test_a_token_has_the_claims_of_saleor(shop: Shop) -> None:
    done = shop.do("TokenCreate", token=None, email="Ada@example.com", password="demo-shopper-1")
    assert done["user"]["firstName"] == "Ada"
    claims = jwt.decode(done["token"], _key(), algorithms=["RS256"])
    user = models.User.objects.get(email="ada@example.com")
    assert claims == {
        "iat": claims["iat"],
        "exp": claims["iat"] + 300,
        "owner": "saleor",
        "iss": "http://127.0.0.1:8001/graphql/",
        "token": user.jwt_token_key,
        "email": "ada@example.com",
        "type": "access",
        "user_id": ids.global_id(user),
        "is_staff": False,
    }
    assert jwt.get_unverified_header(done["token"])["kid"] == _key().key_id
    assert jwt.decode(done["refreshToken"], _key(), algorithms=["RS256"])["type"] == "refresh"


@pytest.mark.parametrize(
    ("email", "password"), [("ada@example.com", "wrong"), ("nobody@example.com", "demo-shopper-1")]
)
def test_wrong_credentials_do_not_tell_which(shop: Shop, email: str, password: str) -> None:
    refused = shop.do("TokenCreate", token=None, email=email, password=password)
    assert refused["errors"] == [
        {"field": "email", "message": "Please, enter valid credentials", "code": "INVALID_CREDENTIALS"}
    ]
    assert refused["token"] is None


def test_an_inactive_account_is_told_so_after_its_password(shop: Shop) -> None:
    models.User.objects.update(is_active=False)
    refused = shop.do("TokenCreate", token=None, email="ada@example.com", password="demo-shopper-1")
    assert codes(refused) == ["INACTIVE"]


def test_a_refresh_token_gives_a_new_access_token(shop: Shop) -> None:
    done = shop.do("TokenCreate", token=None, email="ada@example.com", password="demo-shopper-1")
    again = shop.do("TokenRefresh", token=None, refreshToken=done["refreshToken"])
    assert jwt.decode(again["token"], _key(), algorithms=["RS256"])["type"] == "access"


def test_refresh_tokens_that_are_none(shop: Shop) -> None:
    access = shop.user_token("ada@example.com")

    def refused(token: str) -> list[str]:
        return codes(shop.do("TokenRefresh", token=None, refreshToken=token))

    assert refused(access) == ["JWT_INVALID_TOKEN"]
    assert refused("nonsense") == ["JWT_DECODE_ERROR"]
    assert refused("") == ["JWT_MISSING_TOKEN"]
    valid = tokens.create(models.User.objects.get(email="ada@example.com"), kind="refresh")
    models.User.objects.update(jwt_token_key="changed")
    assert refused(valid) == ["JWT_INVALID_TOKEN"]


def _expired(shop: Shop) -> str:
    claims = jwt.decode(shop.user_token("admin@example.com"), options={"verify_signature": False})
    claims["exp"] = timezone.now() - timedelta(seconds=1)
    return jwt.encode(claims, tokens._load(tokens.signing_key().private_pem), algorithm="RS256")


def test_an_expired_token_is_an_error_but_does_not_stop_a_sign_in(shop: Shop) -> None:
    token = _expired(shop)
    answer = shop.ask("Channels", token=token)
    assert answer["errors"][0]["extensions"]["exception"]["code"] == "ExpiredSignatureError"
    done = shop.do("TokenCreate", token=token, email="ada@example.com", password="demo-shopper-1")
    assert done["token"]


def test_a_forged_token_is_an_error(shop: Shop) -> None:
    claims = jwt.decode(shop.user_token("admin@example.com"), options={"verify_signature": False})
    forged = jwt.encode(claims, "guessed" * 10, algorithm="HS256")
    answer = shop.ask("Channels", token=forged)
    assert answer["data"] == {"channels": None}
    assert answer["errors"]


def test_the_key_is_made_once(db: None) -> None:
    assert tokens.signing_key().pk == tokens.signing_key().pk
    assert models.SigningKey.objects.count() == 1


def test_customers_are_found_by_email(shop: Shop) -> None:
    rows = shop.do("CustomerByEmail", email="ada@example.com")["edges"]
    assert [row["node"]["email"] for row in rows] == ["ada@example.com"]
    assert shop.do("CustomerByEmail", email="clerk@example.com")["edges"] == []


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"query": 5}', '{"query": "{"}', '{"query": "{ nothing }"}'])
def test_requests_that_are_none_are_answered_with_400(db: None, body: str) -> None:
    reply = Client().post("/graphql/", body, content_type="application/json")
    assert reply.status_code == 400
    assert reply.json()["errors"]


def test_graphql_is_posted(db: None) -> None:
    assert Client().get("/graphql/").status_code == 405


def test_a_variable_of_the_wrong_type_is_answered_with_400(shop: Shop) -> None:
    answer = shop.ask("Products", channel=5, first="x")
    assert "data" not in answer or answer["data"] is None
    assert answer["errors"]


def test_accounts_of_a_catalogue_file_end_with_debug(shop: Shop, settings: object) -> None:
    done = shop.do("TokenCreate", token=None, email="ada@example.com", password="demo-shopper-1")
    own = models.User.objects.create_user("own@example.com", "a secret of her own")
    settings.DEBUG = False

    refused = shop.do("TokenCreate", token=None, email="ada@example.com", password="demo-shopper-1")
    assert (codes(refused), refused["token"]) == (["INACTIVE"], None)
    again = shop.do("TokenRefresh", token=None, refreshToken=done["refreshToken"])
    assert (codes(again), again["token"]) == (["JWT_INVALID_TOKEN"], None)
    with pytest.raises(jwt.InvalidTokenError):
        tokens.user_of(done["token"], kind="access")
    assert shop.do("TokenCreate", token=None, email=own.email, password="a secret of her own")["token"]


def test_the_core_s_administrator_of_a_catalogue_file_ends_with_debug(shop: Shop, settings: object) -> None:
    admin = models.User.objects.get(is_superuser=True)
    admin.set_password("demo-admin-1")
    admin.save()
    client = Client()
    assert client.login(username=admin.email, password="demo-admin-1")
    assert client.get("/admin/").status_code == 200
    settings.DEBUG = False
    assert client.get("/admin/").status_code == 302
    assert not client.login(username=admin.email, password="demo-admin-1")
