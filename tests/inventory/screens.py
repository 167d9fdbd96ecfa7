"""The admin's screens of the inventory, as a browser asks for them."""

from django.urls import reverse


def url(name, *args):
    return reverse(f"admin:inventory_{name}", args=args)


def form_of(client, store):
    """What the browser would send back unchanged."""
    form = client.get(url("store_change", store.pk)).context["adminform"].form
    return {name: value for name in form.fields if (value := form[name].value()) not in (None, False)}
