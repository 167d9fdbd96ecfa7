"""The admin's screens of the inventory, as a browser asks for them."""

from django.urls import reverse


def url(name, *args):
    return reverse(f"admin:inventory_{name}", args=args)


def form_of(client, store):
    """What the browser would send back unchanged, with the rows below the form."""
    context = client.get(url("store_change", store.pk)).context
    return _values(context["adminform"].form) | {
        f"{form.prefix}-{name}": value
        for inline in context["inline_admin_formsets"]
        for form in (inline.formset.management_form, *inline.formset.initial_forms)
        for name, value in _values(form).items()
    }


def _values(form):
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None and value is not False}
