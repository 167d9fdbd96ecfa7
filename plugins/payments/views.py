"""The page on which a customer confirms a payment of the fake card provider, as a bank's 3-D Secure page would."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from kernel.money import Money
from plugins.payments import fake_card
from plugins.payments.models import FakeCardCharge
from plugins.payments.states import State


@require_http_methods(["GET", "POST"])
def fake_card_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the customer's answer, take it once, and send the customer back to the shop."""
    if not settings.DEBUG:
        raise Http404
    charge = get_object_or_404(FakeCardCharge, pk=reference)
    if request.method == "POST":
        fake_card.confirm(charge.pk, accepted=request.POST.get("answer") == "confirm")
        return redirect(charge.return_url or request.path)
    context = {
        "amount": Money(charge.amount, charge.currency).quantized(),
        "waiting": charge.state == State.ACTION_REQUIRED,
        "return_url": charge.return_url,
    }
    return render(request, "payments/fake_card.html", context)
