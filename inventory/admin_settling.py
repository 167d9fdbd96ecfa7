"""A list of what a person settles, and the page of one: the facts, the ways with what each does, and the choice."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import localize
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from commerce.errors import CoreUnavailable
from kernel.admin import ReadOnly
from kernel.errors import ApiError

MAX_NUMBERS = 50
MAX_REASON = 200

Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to settle it that is open now. `effect` is a sentence for each thing it does."""

    value: str
    label: str
    effect: Sequence[str]
    needs_numbers: bool = False


class SettledFilter(admin.SimpleListFilter):
    """Open ones unless others are asked for: it is a list of work."""

    title = gettext_lazy("settled")
    parameter_name = "settled"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Settled, or all; open is the choice without a value."""
        return [("yes", _("Settled")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        """Django's, with the first called by what it shows."""
        first, *rest = super().choices(changelist)
        return [first | {"display": _("Open")}, *rest]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """The rows of the choice."""
        if self.value() == "all":
            return queryset
        return queryset.filter(settled_at__isnull=self.value() != "yes")


class SettleForm(forms.Form):
    """How it is settled, the numbers of the pieces meant, and how the person knows."""

    settlement = forms.ChoiceField(label=gettext_lazy("How is it settled?"))
    numbers = forms.CharField(
        help_text=gettext_lazy("Scan or type them, one after another."),
        required=False,
        max_length=2000,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("How do you know?"),
        max_length=MAX_REASON,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self, data: QueryDict | None, *, choices: Sequence[tuple[str, Any]], numbers: Any, looking: bool = False
    ) -> None:
        super().__init__(data)
        self.fields["settlement"].choices = choices  # type: ignore[attr-defined]
        self.fields["numbers"].label = numbers
        # Looking at what it would do needs no reason yet.
        self.fields["reason"].required = not looking

    def clean_numbers(self) -> list[str]:
        """Apart by spaces, commas or semicolons."""
        found = [code for code in re.split(r"[\s,;]+", self.cleaned_data["numbers"]) if code]
        if len(found) > MAX_NUMBERS:
            raise forms.ValidationError(_("At most %(max)s numbers.") % {"max": MAX_NUMBERS})
        return found


class SettlingAdmin(ReadOnly, ModelAdmin):
    """The list and the page; what is settled, and how, a list of its own says."""

    permission: ClassVar[str]
    template: ClassVar[str]
    numbers_label: ClassVar[Any]
    settled_message: ClassVar[Any] = gettext_lazy("It is settled.")

    def facts(self, row: Any) -> Facts:
        """What happened."""
        raise NotImplementedError

    def ways(self, row: Any) -> Sequence[Way]:
        """The ways that are open now, the safest first."""
        raise NotImplementedError

    def effect(self, row: Any, settlement: str, numbers: Sequence[str]) -> Sequence[str]:
        """What the settlement would do with these numbers. Raises ApiError when it cannot be."""
        raise NotImplementedError

    def settle(self, row: Any, settlement: str, *, actor: str, reason: str, numbers: Sequence[str]) -> None:
        """Settle it. Raises ApiError, CoreUnavailable; nothing is changed then."""
        raise NotImplementedError

    def settled_with(self, row: Any) -> Facts:
        """Of a settled one, why and with what."""
        raise NotImplementedError

    def more(self, row: Any) -> dict[str, Any]:
        """What the template shows beside."""
        raise NotImplementedError

    @display(description=gettext_lazy("settled"), ordering="settled_at")
    def settled(self, row: Any) -> str:
        """How it was settled, if it was."""
        return str(row.get_settlement_display() or row.settled_by) if row.settled_at else "–"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The facts, the ways to settle it with what each does, and the choice."""
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if request.method == "POST":
            return self._post(request, row)
        return self._page(request, row, self._form(None))

    def _form(self, data: QueryDict | None, *, looking: bool = False) -> SettleForm:
        choices = self.model._meta.get_field("settlement").choices
        return SettleForm(data, choices=choices, numbers=self.numbers_label, looking=looking)

    def _post(self, request: HttpRequest, row: Any) -> HttpResponse:
        if not request.user.has_perm(self.permission):
            raise PermissionDenied
        looking = "look" in request.POST
        form = self._form(request.POST, looking=looking)
        if not form.is_valid():
            return self._page(request, row, form)
        chosen, numbers = form.cleaned_data["settlement"], form.cleaned_data["numbers"]
        if looking:
            return self._page(request, row, form, seen=self._looked(row, chosen, numbers))
        try:
            actor = f"admin:{request.user.pk}"
            self.settle(row, chosen, actor=actor, reason=form.cleaned_data["reason"], numbers=numbers)
        except ApiError as refused:
            row.refresh_from_db()
            return self._page(request, row, form, refused=refused.message)
        except CoreUnavailable:
            away = _("The commerce core does not answer now. Nothing was changed: please try again.")
            return self._page(request, row, form, refused=away)
        messages.success(request, self.settled_message)
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def _looked(self, row: Any, settlement: str, numbers: Sequence[str]) -> dict[str, Any]:
        try:
            return {"lines": self.effect(row, settlement, numbers)}
        except ApiError as refused:
            return {"refused": refused.message}

    def _page(self, request: HttpRequest, row: Any, form: SettleForm, **context: Any) -> HttpResponse:
        may = request.user.has_perm(self.permission) and row.settled_at is None
        ways = list(self.ways(row)) if may else []
        own = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "row": row,
            "facts": self.facts(row),
            "settled": _settled(row, self.settled_with(row)),
            "may": may,
            "form": form,
            "ways": ways,
            "needs_numbers": any(way.needs_numbers for way in ways),
            "chosen": form.data.get("settlement", ""),
            **self.more(row),
            **context,
        }
        return TemplateResponse(request, self.template, own, status=409 if context.get("refused") else 200)


def _settled(row: Any, more: Facts) -> Facts:
    if row.settled_at is None:
        return []
    return [
        (_("Settled as"), str(row.get_settlement_display() or "–")),
        (_("Settled by"), row.settled_by),
        (_("Settled at"), str(localize(localtime(row.settled_at)))),
        *more,
    ]
