"""The form of a store in the admin: opening hours as people write them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from . import hours
from .models import Store

DAYS = {
    1: ("monday", _("Monday")),
    2: ("tuesday", _("Tuesday")),
    3: ("wednesday", _("Wednesday")),
    4: ("thursday", _("Thursday")),
    5: ("friday", _("Friday")),
    6: ("saturday", _("Saturday")),
    7: ("sunday", _("Sunday")),
}


def _day_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        # What may be typed here, so it is the same word in every language.
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "closed"}),
    )


class StoreForm(forms.ModelForm):  # type: ignore[type-arg]
    """A store with its hours as people write them."""

    monday = _day_field(_("Monday"))
    tuesday = _day_field(_("Tuesday"))
    wednesday = _day_field(_("Wednesday"))
    thursday = _day_field(_("Thursday"))
    friday = _day_field(_("Friday"))
    saturday = _day_field(_("Saturday"))
    sunday = _day_field(_("Sunday"))
    exceptional_days = forms.CharField(
        label=_("Exceptional days"),
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 4}),
        help_text=_("One a line: 2026-12-24 09:00-14:00, or 2026-12-25 closed."),
    )

    class Meta:
        model = Store
        fields = (
            "code",
            "name",
            "kind",
            "is_active",
            "street_address",
            "city",
            "postal_code",
            "country_area",
            "country",
            "phone",
            "email",
            "latitude",
            "longitude",
            "timezone",
            "pickup_enabled",
            "pickup_lead_minutes",
            "slot_minutes",
            "slot_capacity",
            "core_warehouse_id",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            return
        schedule = self.instance.schedule()
        for weekday, (name, _label) in DAYS.items():
            self.initial[name] = hours.format_spans(schedule.weekly.get(weekday, ()))
        self.initial["exceptional_days"] = "\n".join(
            f"{day} {hours.format_spans(spans)}" for day, spans in sorted(schedule.exceptions.items())
        )

    def clean(self) -> dict[str, Any]:
        """Read the hours; each mistake is told beside its field."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        self.instance.hours = [
            {"weekday": weekday} | row
            for weekday, (name, _label) in DAYS.items()
            for row in self._rows(name, values.get(name) or "")
        ]
        self.instance.exceptions = [
            {"date": day} | row
            for line in (values.get("exceptional_days") or "").splitlines()
            if line.strip()
            for day, _space, spans in [line.strip().partition(" ")]
            for row in self._rows("exceptional_days", spans)
        ]
        return values

    def _rows(self, field: str, text: str) -> list[dict[str, str | None]]:
        try:
            spans = hours.parse_spans(text)
        except ValueError as error:
            self.add_error(field, str(error))
            return []
        if not spans:
            return [{"opens": None, "closes": None}]
        return [{"opens": f"{span.opens:%H:%M}", "closes": f"{span.closes:%H:%M}"} for span in spans]
