"""E-mail to customers about their orders, in the order's language, as text and HTML."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from plugins.carts import esims, orders
from plugins.carts.models import CartDelivery, Order


def send_confirmation(order: Order) -> None:
    """Send what was ordered, what it costs, and where and when it can be collected. No code that opens a pickup."""
    with translation.override(django_language(order.language)):
        subject = _("Your order %(number)s") % {"number": order.number}
        send(order, subject=subject, template="carts/order_confirmation", context=_context(order))


def send_esims_ready(order: Order) -> None:
    """Send where the order's eSIMs can be loaded, and a guest the code for it. No activation code: it is the line."""
    with translation.override(django_language(order.language)):
        subject = _("Your eSIM of order %(number)s is ready") % {"number": order.number}
        context = {"order": order, "name": order.full_name, "code": esims.guest_code(order), "url": _url(order)}
        send(order, subject=subject, template="carts/esims_ready", context=context)


def send(order: Order, *, subject: str, template: str, context: dict[str, object]) -> None:
    """Send `template`.txt and `template`.html to the order's address. Does nothing without one."""
    if not order.email:
        return
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"{template}.txt", context).strip() + "\n",
        to=[order.email],
        # A mail server that gets it twice can tell that it is one.
        headers={"Message-ID": f"<{template.replace('/', '.')}.{order.number}@{_domain()}>"},
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    message.send()


def django_language(language: str) -> str:
    """The installed language nearest to a request's language tag."""
    return "zh-hans" if language.lower().startswith("zh") else "en"


def _context(order: Order) -> dict[str, object]:
    deliveries = list(CartDelivery.objects.select_related("store").filter(order_lines__order=order).distinct())
    lines = list(order.lines.all())
    return {
        "order": order,
        "name": order.full_name,
        "lines": [(line, order.money(line.total)) for line in lines],
        # Of goods alone the pickup says it.
        "promised": order.promise_date if any(line.available_from for line in lines) else None,
        "subtotal": order.money(order.subtotal),
        "tax": order.money(order.tax),
        "total": order.money(order.total),
        "monthly": order.money(order.monthly) if order.monthly else None,
        "due": order.money(orders.amount_due(order)) if orders.amount_due(order) else None,
        "prices_include_tax": order.channel.prices_include_tax,
        "pickups": [_pickup(delivery) for delivery in deliveries],
        "url": _url(order),
    }


def _url(order: Order) -> str:
    return f"{settings.PUBLIC_URL}/order/{order.pk}"


def _pickup(delivery: CartDelivery) -> dict[str, object]:
    zone = delivery.store.zone()
    start, end = (timezone.localtime(moment, zone) for moment in (delivery.slot_start, delivery.slot_end))
    return {
        "store": delivery.store,
        "day": formats.date_format(start, "DATE_FORMAT"),
        "start": formats.date_format(start, "TIME_FORMAT"),
        "end": formats.date_format(end, "TIME_FORMAT"),
    }


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
