"""What is answered again from memory is what graphql-core would answer now."""

import json
from dataclasses import replace
from uuid import uuid4

import orjson
import pytest
from django.utils import translation
from strawberry.types.field import StrawberryField

from inventory import services as inventory
from kernel.identity import GUEST
from kernel.reuse import ANSWER, Answer, Reuse
from plugins.catalogue import services
from plugins.catalogue.models import Channel, Product
from plugins.catalogue.providers import providers
from plugins.catalogue.schema import ProductType
from plugins.guided_search import loader
from storefront_api import documents, operations, reused
from storefront_api.context import Context
from storefront_api.documents import prepare
from storefront_api.operations import Document
from storefront_api.schema import schema
from tests.catalogue.conftest import fake_core, synced  # noqa: F401 - fixtures
from tests.catalogue.fake_core import product, repriced, variant
from tests.guided_search.test_providers import FakeBundles
from tests.inventory.goods import imei, make_store
from tests.storefront_api.test_hot_path import Site

SEARCH = next(text for text in documents.persisted_texts() if "query Search" in text)
CARD = next(text for text in documents.persisted_texts() if "query LineProduct" in text)


@pytest.fixture(autouse=True)
def bundles(monkeypatch):
    """Monthly prices whose changes are known, as in a server that hears of them."""
    fake = FakeBundles()
    monkeypatch.setattr(providers, "monthly_prices", fake)
    return fake


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.setattr(loader, "CHECK_SECONDS", 0.0)
    loader.forget()
    reused.forget()
    yield
    loader.forget()
    reused.forget()


def search(store=None, language="en", channel="us", **question):
    """The search page by plan, which must be the one by graphql-core, and what was kept of it."""
    variables = {"context": {"channel": channel, "storeId": store}, "input": question, "guided": True}
    context = Context(caller=GUEST, language=language, remote_address="")
    with translation.override(language):
        fast = orjson.loads(prepare(SEARCH).plan(None).start(variables, context).answer())
        slow = operations.execute(Document(SEARCH, variables), context)
    assert fast == json.loads(json.dumps(slow))
    return fast["data"]["guidedSearch"]


def prices(found):
    return {edge["node"]["id"]: (edge["node"]["price"] or {}).get("amount") for edge in found["edges"]}


def test_an_unchanged_product_is_answered_once(synced):  # noqa: F811
    first = search()
    kept = len(reused.objects)
    assert kept == 3
    assert search() == first
    assert search(first=2)["edges"] == first["edges"][:2]
    assert len(reused.objects) == kept


def test_what_is_kept_is_not_read_again(synced, monkeypatch):  # noqa: F811
    search()
    context = Context(caller=GUEST, language="en", remote_address="")
    monkeypatch.setattr("plugins.catalogue.selectors.ProductSet.variants", lambda *_: pytest.fail("was read"))
    variables = {"context": {"channel": "us"}, "input": {}, "guided": True}
    assert prepare(SEARCH).plan(None).start(variables, context).answer()


def test_a_price_change_is_answered_afresh(synced):  # noqa: F811
    before = prices(search())
    synced.put(repriced(product("B"), "450"))
    services.sync_product("B")
    after = prices(search())
    assert (after["B"], after | {"B": before["B"]}) == ("450.00", before)


def test_another_price_a_month_is_answered_afresh(synced, bundles):  # noqa: F811
    def monthly():
        return {edge["node"]["id"]: edge["node"]["monthlyPriceFrom"] for edge in search()["edges"]}

    assert set(monthly().values()) == {None}
    bundles.set("WEB", A_128="30", SKU_B="20")
    assert {key: found and found["monthly"]["amount"] for key, found in monthly().items()} == {
        "A": "30",
        "B": "20",
        "C": None,
    }
    bundles.changes = None
    kept = len(reused.objects)
    monthly()
    assert len(reused.objects) == kept


def test_other_changes_of_a_product_are_answered_afresh(synced):  # noqa: F811
    search()
    synced.put(product("B", variant("SKU-B"), variant("SKU-B2"), name="Phone Bee"))
    services.sync_product("B")
    [node] = [edge["node"] for edge in search()["edges"] if edge["node"]["id"] == "B"]
    assert (node["name"], [each["sku"] for each in node["variants"]]) == ("Phone Bee", ["SKU-B", "SKU-B2"])


def test_a_variant_that_another_product_takes_over_is_gone(synced):  # noqa: F811
    revision = Product.objects.get(pk="A").revision
    assert [len(edge["node"]["variants"]) for edge in search()["edges"] if edge["node"]["id"] == "A"] == [2]
    taken = replace(variant("A-256"), id="V-new")
    synced.put(product("B", variant("SKU-B"), taken))
    services.sync_product("B")
    assert [len(edge["node"]["variants"]) for edge in search()["edges"] if edge["node"]["id"] == "A"] == [1]
    assert Product.objects.get(pk="A").revision != revision


def test_a_channel_that_sells_in_another_currency_is_answered_afresh(synced):  # noqa: F811
    search()
    Channel.objects.filter(pk="us").update(currency="CAD")
    assert search()["edges"][0]["node"]["price"]["currency"] == "CAD"


def test_a_stock_movement_is_answered_afresh(synced):  # noqa: F811
    store = make_store()
    assert {edge["storeQuantity"] for edge in search(store=store.pk)["edges"]} == {0}
    inventory.receive(store_id=store.pk, sku="A-128", quantity=1, serials=[imei()], source_key="x", actor="test")
    assert [edge["storeQuantity"] for edge in search(store=store.pk)["edges"]] == [1, 0, 0]


def test_each_language_has_its_own(synced):  # noqa: F811
    in_english, in_chinese = search(), search(language="zh-hans")
    labels = [
        {each["label"] for edge in found["edges"] for each in edge["node"]["attributes"]}
        for found in (in_english, in_chinese)
    ]
    assert labels[0].isdisjoint(labels[1])
    assert search() == in_english


def kept_after(text, **variables):
    """How many objects are kept of a document that is treated as a client's."""
    reused.forget()
    plan = type(prepare(text))(text=text, ast=prepare(text).ast, is_free=False).plan(None)
    plan.start(variables, Context(caller=GUEST, language="en", remote_address="")).answer()
    return len(reused.objects)


PRODUCTS = """query ($n: Int = 1, $on: Boolean = true) {
  channels @skip(if: $on) { slug }
  stores(first: $n) { edges { node { id } } }
  guidedSearch(context: {channel: "us"}, input: {first: 3}) { edges { node { %s } } } }"""


@pytest.mark.parametrize(
    ("fields", "fragment", "kept"),
    [
        ("id name", "", 3),
        ("id __typename variants { sku price { amount } }", "", 3),
        ("id name @include(if: $on)", "", 3),
        ("...F", "fragment F on Product { id __typename ... { name } }", 3),
        # Of accessories nobody said what they depend on; but the accessory, a case, is a product.
        ("id accessories { name }", "", 1),
        ("...F", "fragment F on Product { id accessories { name } }", 1),
        ("id accessories { accessories { name } }", "", 0),
    ],
)
def test_only_what_depends_on_the_product_alone_is_kept(synced, fields, fragment, kept):  # noqa: F811
    assert kept_after(PRODUCTS % fields + fragment) == kept


def test_a_field_that_depends_on_more_is_kept_with_that(synced, monkeypatch):  # noqa: F811
    token = [uuid4()]
    own = ProductType.reuse
    monkeypatch.setattr(ProductType, "reuse", replace(own, also={"accessories": lambda _product: token[0]}))
    text = PRODUCTS % "id accessories(first: 1) { name }"
    assert kept_after(text) == 3 + 1
    token[0] = None
    assert kept_after(text) == 1


def test_what_has_an_argument_that_differs_between_requests_is_not_kept(synced, monkeypatch):  # noqa: F811
    monkeypatch.setattr(ProductType, "reuse", replace(ProductType.reuse, also={"accessories": lambda _product: 1}))
    assert kept_after(PRODUCTS % "id accessories(first: 1) { name }") == 3 + 1
    assert kept_after(PRODUCTS % "id accessories(first: $n) { name }", n=1) == 1
    assert kept_after(PRODUCTS % "...F" + "fragment F on Product { id accessories(first: $n) { name } }", n=1) == 1


def test_free_documents_keep_nothing(synced):  # noqa: F811
    prepared = prepare(PRODUCTS % "id name")
    assert prepared.is_free
    prepared.plan(None).start({}, Context(caller=GUEST, language="en", remote_address="")).answer()
    assert len(reused.objects) == 0


@pytest.mark.django_db(transaction=True)
class TestWholeAnswers:
    """The channels' document, as if the capability knew its version."""

    @pytest.fixture
    def version(self, monkeypatch):
        held = [uuid4()]
        field: StrawberryField = schema.core.query_type.fields["channels"].extensions["strawberry-definition"]
        monkeypatch.setattr(field, "metadata", {ANSWER: Answer(versions=lambda _arguments, _language: held[0])})
        # Plans know what fields said when they were compiled.
        documents._free.clear()
        yield held
        documents._free.clear()

    @pytest.fixture
    def site(self, front, version):
        made = Site()
        yield made
        made.close()

    def ask(self, site, text="{ channels { name } }", **headers):
        site.reached.clear()
        return site.ask(site.hot, {"query": text}, headers=headers).json()

    def test_they_are_given_again_until_the_version_changes(self, site, version):
        prepare("{ channels { name } }").plan(None).start({}, Context(GUEST, "en", ""))
        first = self.ask(site)
        assert len(reused.answers) == 1
        Channel.objects.update(name="Other")
        # Whoever says the version answers for it: here it is wrong, and so is seen what is reused.
        assert self.ask(site) == first
        assert site.reached == []
        version[0] = uuid4()
        assert self.ask(site)["data"]["channels"][0]["name"] == "Other"

    def test_what_is_asked_again_is_packed_for_who_reads_that(self, site, version, monkeypatch):
        monkeypatch.setattr(reused, "PACKED_FROM", 20)
        prepare("{ channels { name } }").plan(None).start({}, Context(GUEST, "en", ""))
        told = [
            site.ask(site.hot, {"query": "{ channels { name } }"}, headers={"accept-encoding": accepted})
            for accepted in ("gzip", "br, GZIP;q=0.5", "identity", "gzip;q=0, *", "gzip; q=0.000")
        ]
        assert [answer.headers.get("content-encoding") for answer in told] == [None, "gzip", None, None, None]
        assert {answer.text for answer in told} == {'{"data":{"channels":[{"name":"US"}]}}'}
        assert told[1].headers["vary"] == "Accept-Language, Accept-Encoding"
        assert len(reused.packed) == 1

    def test_what_fits_into_a_packet_is_not_packed(self, site, version):
        prepare("{ channels { name } }").plan(None).start({}, Context(GUEST, "en", ""))
        assert self.ask(site, **{"accept-encoding": "gzip"}) == self.ask(site, **{"accept-encoding": "gzip"})
        assert (len(reused.answers), len(reused.packed)) == (1, 0)

    def test_nothing_is_kept_without_a_version_or_of_a_signed_in_caller(self, site, version, front):
        prepare("{ channels { name } }").plan(None).start({}, Context(GUEST, "en", ""))
        self.ask(site, authorization=f"Bearer {front.tokens['clerk']}")
        assert len(reused.answers) == 0
        version[0] = None
        self.ask(site)
        assert len(reused.answers) == 0

    def test_languages_and_documents_are_kept_apart(self, site, version):
        for text in ("{ channels { name } }", "{ channels { slug } }"):
            prepare(text).plan(None).start({}, Context(GUEST, "en", ""))
            for tag in ("en", "zh"):
                self.ask(site, text, **{"accept-language": tag})
        assert len(reused.answers) == 4

    def test_what_changed_while_it_was_answered_is_not_kept(self, site, version, monkeypatch):
        prepare("{ channels { name } }").plan(None).start({}, Context(GUEST, "en", ""))

        def changing():
            version[0] = uuid4()
            return Channel.objects.all()

        monkeypatch.setattr("plugins.catalogue.selectors.channels", lambda: list(changing()))
        assert self.ask(site)["data"]["channels"]
        assert len(reused.answers) == 0

    def test_a_query_of_which_one_field_is_unknown_is_not_kept(self, site, version):
        text = "{ channels { name } stores { edges { node { id } } } }"
        prepare(text).plan(None).start({}, Context(GUEST, "en", ""))
        self.ask(site, text)
        assert len(reused.answers) == 0


def test_reuse_says_what_a_type_has():
    names = {field.python_name for field in ProductType.__strawberry_definition__.fields}
    assert isinstance(ProductType.reuse, Reuse)
    assert ProductType.reuse.fields | ProductType.reuse.also.keys() <= names
