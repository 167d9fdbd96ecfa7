"""The three tables of the mapping page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from inventory.models import WarehouseMapping
from plugins.catalogue.models import AttributeMapping, ProductTypeMapping

MOST_ROWS = 2000


class _Row(forms.ModelForm):  # type: ignore[type-arg]
    """Fields say in words which row they belong to: their column's heading alone is not read out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = f"{field.label}: {self.instance}"
            if isinstance(field, forms.BooleanField):
                field.widget = UnfoldBooleanWidget(field.widget.attrs)
            elif isinstance(field, forms.ChoiceField):
                field.widget = UnfoldAdminSelectWidget(field.widget.attrs, field.choices)
            else:
                attrs = {**field.widget.attrs, "inputmode": "decimal" if name in {"latitude", "longitude"} else "text"}
                field.widget = UnfoldAdminTextInputWidget(attrs)


def _formset(model: Any, fields: tuple[str, ...]) -> Any:
    return forms.modelformset_factory(
        model, form=_Row, fields=fields, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS, can_delete=False
    )


FORMSETS = {
    "types": (_("Product types"), _formset(ProductTypeMapping, ("kind", "tracking"))),
    "attributes": (_("Attributes"), _formset(AttributeMapping, ("target", "ignored"))),
    "warehouses": (
        _("Warehouses"),
        _formset(WarehouseMapping, ("role", "owner", "latitude", "longitude", "timezone")),
    ),
}
