"""Chinese from the catalogue to the customer: messages, labels, e-mails and the admin; and the tool that keeps it."""

import gettext

import pytest
from django.core import mail
from django.utils.translation import gettext_lazy, ngettext, override, trans_real

from inventory import errors as stock_errors
from kernel import outbox
from kernel.errors import INVALID, ApiError
from plugins.carts.models import Cart, Order
from plugins.catalogue.models import Product
from storefront_api import messages, operations
from tests.pickup.steps import accept, make_ready, reject

CHINESE = ["zh-Hans", "zh-CN", "zh", "zh-hans-CN", "ZH-cn", "zh-CN,zh;q=0.9,en;q=0.8", "fr;q=1, zh;q=0.5, en;q=0.1"]
ENGLISH = ["en", "en-GB", "fr", "", "en,zh;q=0.8", "*"]

CREATE = "mutation ($input: CartCreateInput!) { cartCreate(input: $input) { cart { id } errors { code message } } }"
CONTEXT = {"channel": "us", "salesChannel": "WEB"}


@pytest.fixture(autouse=True, scope="module")
def _compiled():
    """The compiled catalogue is no part of the repository: it is made here, and read anew."""
    messages.compile_catalogue()
    gettext._translations.clear()
    trans_real._translations = {}


def create(front, sku, tag):
    variables = {"context": CONTEXT, "lines": [{"sku": sku, "quantity": 1}]}
    return front.ask(CREATE, headers={"Accept-Language": tag}, input=variables)["data"]["cartCreate"]


@pytest.mark.parametrize("tag", CHINESE)
def test_a_refusal_is_told_in_chinese(front, tag):
    (error,) = create(front, "NOPE", tag)["errors"]
    assert error["message"] == "本店没有编号为 NOPE 的商品。"


@pytest.mark.parametrize("tag", ENGLISH)
def test_other_languages_are_answered_in_english(front, tag):
    (error,) = create(front, "NOPE", tag)["errors"]
    assert error["message"] == "We do not sell an article NOPE."


@pytest.mark.parametrize("tag", ["zh-Hans", "zh-CN", "zh"])
def test_top_level_errors_are_told_in_chinese(front, tag):
    queue = '{ pickupQueue(storeId: "x", first: 1) { edges { node { id } } } }'
    body = front.ask(queue, headers={"Accept-Language": tag})
    assert body["errors"][0]["message"] == "请先登录。"
    ended = front.ask(queue, headers={"Accept-Language": tag, "Authorization": "Bearer gone"})
    assert ended["errors"][0]["message"] == "登录已过期，请重新登录。"
    malformed = front.post(b"{", headers={"Accept-Language": tag}).json()
    assert malformed["errors"][0]["message"] == "请求内容不是有效的 JSON。"


@pytest.mark.parametrize("tag", ["zh-Hans", "zh-CN", "zh"])
def test_attributes_have_chinese_names(front, tag):
    Product.objects.filter(slug="phone").update(
        attributes=[{"name": "storage", "label": "Storage", "values": ["128 GB"]}]
    )
    query = '{ product(context: {channel: "us"}, slug: "phone") { attributes { name label } } }'
    body = front.ask(query, headers={"Accept-Language": tag})
    assert body["data"]["product"]["attributes"] == [{"name": "storage", "label": "存储容量"}]


@pytest.mark.parametrize("tag", ["zh-Hans", "zh-CN", "zh"])
def test_a_cart_and_so_its_e_mails_speak_the_shoppers_language(front, tag):
    made = create(front, "CASE", tag)
    assert Cart.objects.get(pk=made["cart"]["id"]).language == "zh-hans"


def test_a_bug_is_told_in_chinese(front, monkeypatch):
    monkeypatch.setattr(operations, "_run", lambda *_: 1 / 0)
    body = front.ask("{ channels { slug } }", headers={"Accept-Language": "zh-CN"})
    assert body["errors"][0]["message"] == "系统出了点问题，请重试。"


def test_messages_of_one_refusal_follow_the_reader():
    refusal = stock_errors.serial_unknown("PHONE", "356938035643809")
    with override("zh-hans"):
        assert refusal.message == "库存记录中没有序列号 356938035643809。"
    with override("en"):
        assert refusal.message == "No piece with the number 356938035643809 is known."
    assert ApiError(INVALID, gettext_lazy("no such words")).message == "no such words"


def test_plural_forms_of_django_still_work():
    with override("zh-hans"):
        assert "%(count)d" not in ngettext("%(num)d year", "%(num)d years", 2) % {"num": 2}


def test_the_pickups_e_mails_are_chinese(counter):
    ready_one = make_ready(counter, ("CASE", 1))
    other = counter.pickup(("CASE", 1))
    Order.objects.update(language="zh-hans")
    accept(counter, other)
    reject(counter, other, reason="破损")
    outbox.deliver_due()
    by_subject = {message.subject: message for message in mail.outbox}

    ready = by_subject[f"订单 {ready_one.order.number} 可以取货了"]
    rejected = by_subject[f"订单 {other.order.number} 无法备货"]
    for body in (ready.body, ready.alternatives[0][0]):
        assert "2026年3月7日" in body
        assert "前到店取货，逾期订单将自动取消。" in body
    assert "Ada您好！" in ready.body
    assert "您的取货码" in ready.body
    assert "门店说明: 破损" in rejected.body


def test_the_order_confirmation_is_chinese(counter):
    order = counter.order(("CASE", 2))
    Order.objects.update(language="zh-hans")
    outbox.deliver_due()
    (message,) = (each for each in mail.outbox if order.number in each.subject)
    assert message.subject == f"您的订单 {order.number}"
    assert "感谢惠顾！" in message.body
    assert "Ada Lovelace，您好：" in message.body
    assert "Collect" not in message.body


@pytest.mark.parametrize("page", ["", "inventory/store/", "pos/sale/", "carts/order/", "kernel/auditentry/"])
def test_the_admin_is_chinese(admin_client, page):
    content = admin_client.get(f"/admin/{page}", headers={"Accept-Language": "zh-CN"}).content.decode()
    assert 'lang="zh-hans"' in content
    assert "门店与库存" in content
    assert "Stores and stock" not in content


def test_every_message_is_translated():
    assert messages.problems() == []


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('msgid "Please sign in."', 'msgid "Please sign out."', "not in the catalogue, run update: 'Please sign in.'"),
        (
            'msgid "Please sign in."',
            'msgid "Gone."\nmsgstr "没有了。"\n\nmsgid "Please sign in."',
            "no longer in the source, run update: 'Gone.'",
        ),
        ('msgstr "请先登录。"', 'msgstr ""', "not translated: 'Please sign in.'"),
        (
            '#, python-format\nmsgid "Your order %(number)s"',
            '#, python-format, fuzzy\nmsgid "Your order %(number)s"',
            "not translated: 'Your order %(number)s'",
        ),
        (
            'msgstr "您的订单 %(number)s"',
            'msgstr "您的订单 %(nummer)s"',
            "other placeholders than the message: '您的订单 %(nummer)s'",
        ),
        (
            'msgstr "您的订单 %(number)s"',
            'msgstr "您的订单"',
            "other placeholders than the message: '您的订单'",
        ),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_told(monkeypatch, tmp_path, before, after, problem):
    text = messages.CATALOGUE.read_text()
    assert before in text
    wrong = tmp_path / "django.po"
    wrong.write_text(text.replace(before, after))
    monkeypatch.setattr(messages, "CATALOGUE", wrong)
    assert problem in messages.problems()


def test_update_keeps_translations_drops_what_is_gone_and_changes_nothing_twice(monkeypatch, tmp_path):
    text = messages.CATALOGUE.read_text()
    copy = tmp_path / "django.po"
    copy.write_text(text + '\nmsgid "Gone."\nmsgstr "没有了。"\n')
    monkeypatch.setattr(messages, "CATALOGUE", copy)
    messages.update()
    assert copy.read_text() == text
    messages.update()
    assert copy.read_text() == text
