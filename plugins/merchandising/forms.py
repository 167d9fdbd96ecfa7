"""The merchandiser's forms. They only read what is typed: `services` checks and writes."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    INPUT_CLASSES,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from plugins.catalogue.models import Channel, SalesChannel
from plugins.merchandising import choices, history, names, records
from plugins.merchandising.fields import ChoicesField, ChosenField, ConditionsField, LinesField, ProductsField
from plugins.merchandising.known import Known, problems
from plugins.merchandising.models import (
    Configured,
    DimensionSetup,
    PrecedenceRule,
    Rule,
    Synonyms,
)

_ONE_A_LINE: Final = _("One a line.")


def _space_kept(help_text: Any) -> forms.CharField:
    """A unit may begin with a space."""
    return forms.CharField(
        required=False,
        strip=False,
        max_length=20,
        help_text=help_text,
        widget=UnfoldAdminTextInputWidget(),
    )


class MomentInput(forms.DateTimeInput):
    """One box with the browser's own calendar and clock."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(attrs={"class": " ".join(INPUT_CLASSES)})

    def format_value(self, value: Any) -> Any:
        """As the browser wants it, with seconds only where there are some."""
        if not isinstance(value, datetime):
            return value
        return value.isoformat(timespec="seconds" if value.second else "minutes")


def _moment() -> forms.DateTimeField:
    return forms.DateTimeField(required=False, widget=MomentInput(), help_text=_("By the clock of UTC."))


class ConfiguredForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row with its mistakes told at their fields, and a guard against overwriting somebody else's change."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Why, for those who read the history."),
    )
    choices: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = Known()
        for column in self.instance.columns():
            if column.name in self.fields and self.fields[column.name].label is None:
                self.fields[column.name].label = capfirst(column.verbose_name)
        if not self.instance._state.adding and "seen" in self.fields:
            self.fields["seen"].initial = history.last_revision(self.instance)
        if "channel" in self.fields:
            channels = [(channel.slug, channel.name) for channel in Channel.objects.order_by("name")]
            stored = self.instance.channel
            gone = [(stored, stored)] if stored and stored not in dict(channels) else []
            self.fields["channel"] = forms.ChoiceField(
                label=self.fields["channel"].label,
                help_text=self.fields["channel"].help_text,
                required=False,
                choices=[("", _("Every channel")), *channels, *gone],
                widget=UnfoldAdminSelectWidget(),
            )
        for name in self.choices:
            if name in self.fields:
                self._offer(name)

    def _offer(self, name: str) -> None:
        offers: dict[str, Callable[[], Mapping[str, Any]]] = {
            "categories": lambda: names.categories(self.known, get_language() or "en"),
            "store_ids": lambda: self.known.stores,
            "sales_channels": lambda: dict(SalesChannel.choices),
        }
        self.fields[name].offer(offers[name](), getattr(self.instance, name))  # type: ignore[attr-defined]

    def _offer_dimensions(self, *names: str) -> None:
        language = get_language() or "en"
        labels = {name: choices.label(self.known, name, language) for name in sorted(self.known.dimensions)}
        for name in names:
            if name in self.fields:
                stored = getattr(self.instance, name)
                offered = labels | ({stored: stored} if stored and stored not in labels else {})
                self.fields[name] = forms.ChoiceField(
                    label=self.fields[name].label,
                    choices=[("", "—"), *((value, f"{label} ({value})") for value, label in offered.items())],
                    widget=UnfoldAdminSelectWidget(),
                )

    def clean_seen(self) -> int | None:
        """Refuse to overwrite a change that the editor has not seen."""
        seen: int | None = self.cleaned_data["seen"]
        if seen is not None and not self.instance._state.adding and seen != history.last_revision(self.instance):
            raise ValidationError(
                _("Somebody else has changed this meanwhile. Open it anew, look at its history and decide again.")
            )
        return seen

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        instance: Configured = self.instance
        for error in problems(instance, self.known):
            field, _dot, _rest = (error.field or "").partition(".")
            self.add_error(field if field in self.fields else None, error.message)

    def _update_errors(self, errors: ValidationError) -> None:
        """A constraint's mistake belongs to the field that its code names."""
        told: dict[str, list[ValidationError]] = {}
        for name, found in errors.error_dict.items():
            for error in found:
                at = error.code if name == NON_FIELD_ERRORS and error.code in self.fields else name
                told.setdefault(at, []).append(error)
        super()._update_errors(ValidationError(told))  # type: ignore[misc]

    def configured(self) -> records.Values:
        """What the services are asked to write."""
        return records.snapshot(self.instance)


class SynonymsForm(ConfiguredForm):
    sources = LinesField(required=False, help_text=_("Only for one way. One a line: hotspot"))
    terms = LinesField(help_text=_("One a line; several words together are a phrase."))

    class Meta:
        model = Synonyms
        fields = ("code", "is_active", "kind", "sources", "terms", "language", "channel")

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("kind") == Synonyms.Kind.TWO_WAY:
            values["sources"] = []
        return values


class DimensionForm(ConfiguredForm):
    choices = ("categories",)
    unit_en = _space_kept(_("Follows each number, with its space: “ mAh”."))
    unit_zh = _space_kept("")
    bounds = LinesField(required=False, help_text=_("Where each group begins, one a line, ascending: 0, 50, 100."))
    ranked_values = LinesField(required=False, help_text=_ONE_A_LINE)
    categories = ChoicesField(required=False, help_text=_("None chosen means everywhere."))

    class Meta:
        model = DimensionSetup
        fields = (
            "name",
            "attribute",
            "channel",
            "label_en",
            "label_zh",
            "kind",
            "bounds",
            "unit_en",
            "unit_zh",
            "order",
            "ranked_values",
            "value_limit",
            "show_empty",
            "position",
            "is_shown",
            "categories",
        )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("kind") != DimensionSetup.Kind.RANGE:
            values["bounds"] = []
        return values


class PrecedenceForm(ConfiguredForm):
    values = LinesField(required=False, help_text=_("One a line. Empty means any value."))
    also = ChosenField(
        required=False,
        help_text=_("All of these as well, one a line: “brand: Samsung”, or “brand” for any choice in it."),
    )

    class Meta:
        model = PrecedenceRule
        fields = ("code", "dimension", "trigger", "values", "also", "channel")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer_dimensions("dimension", "trigger")


# Which parameters each kind of rule has; the others are emptied, as they are hidden.
PARAMETERS: Final[dict[str, tuple[str, ...]]] = {
    "PIN": ("products",),
    "BOOST": ("products", "conditions", "factor"),
    "BURY": ("products", "conditions", "factor"),
    "HIDE": ("products",),
    "SPOTLIGHT": ("products", "conditions", "title_en", "title_zh", "query", "limit"),
    "REDIRECT": ("url",),
}


class RuleForm(ConfiguredForm):
    choices = ("categories", "store_ids", "sales_channels")
    phrases = LinesField(required=False, help_text=_("One a line; one of them is enough."))
    categories = ChoicesField(required=False, help_text=_("One of these, or one below it, is chosen."))
    refinements = ChosenField(
        required=False,
        help_text=_("As text, one a line: “brand: Samsung”. A dimension alone, “brand”, means any choice in it."),
    )
    store_ids = ChoicesField(required=False, help_text=_("None chosen means anywhere."))
    sales_channels = ChoicesField(required=False)
    segments = LinesField(required=False, rows=2, help_text=_ONE_A_LINE)
    starts_at = _moment()
    ends_at = _moment()
    products = ProductsField(
        required=False,
        rows=5,
        help_text=_("One SKU a line. A place follows @ where products are pinned: “ACC-1 @ 3”, first to last without."),
    )
    conditions = ConditionsField(
        required=False,
        help_text=_(
            "All must hold in one article that was found. As text, one a line: “brand: Samsung”, “price: 100..500”, "
            "“battery_mah: 5000..”, “in_store: true”."
        ),
    )

    class Meta:
        model = Rule
        fields = (
            "name",
            "code",
            "kind",
            "is_active",
            "priority",
            "channel",
            "match_mode",
            "phrases",
            "categories",
            "refinements",
            "store_ids",
            "sales_channels",
            "segments",
            "starts_at",
            "ends_at",
            "url",
            "title_en",
            "title_zh",
            "products",
            "conditions",
            "query",
            "limit",
            "factor",
        )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        kind = str(values.get("kind", ""))
        empty = Rule()
        for name in set().union(*PARAMETERS.values()) - set(PARAMETERS.get(kind, ())):
            values[name] = getattr(empty, name)
        if values.get("match_mode") == Rule.MatchMode.NONE:
            values["phrases"] = []
        if kind == Rule.Kind.PIN:
            _give_places(values.get("products") or [])
        return values


def _give_places(products: list[dict[str, Any]]) -> None:
    """Products without a place take the free ones, in the order of their lines."""
    taken = {item["position"] for item in products if "position" in item}
    place = 1
    for item in products:
        if "position" not in item:
            while place in taken:
                place += 1
            item["position"] = place
            taken.add(place)


KINDS: Final[dict[str, str | Promise]] = {
    "document": _("Everything (JSON)"),
    "synonyms": _("Synonyms (CSV)"),
    "redirects": _("Redirects (CSV)"),
}


class UploadForm(forms.Form):
    """A file to look at before it is imported."""

    kind = forms.ChoiceField(
        label=_("What the file holds"), choices=list(KINDS.items()), widget=UnfoldAdminSelectWidget()
    )
    file = forms.FileField(label=_("File"), widget=UnfoldAdminFileFieldWidget())
    replace = forms.BooleanField(
        label=_("Remove what the file does not contain"),
        required=False,
        widget=UnfoldBooleanSwitchWidget(),
        help_text=_("Otherwise it stays as it is."),
    )
