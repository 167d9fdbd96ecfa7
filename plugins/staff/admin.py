"""The screens for staff and registers. A PIN can be set here but never seen."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminPasswordWidget

from kernel import audit
from plugins.staff import pins, services, tokens
from plugins.staff.models import Register, StaffMember


class StaffMemberForm(forms.ModelForm):  # type: ignore[type-arg]
    """A staff member with a PIN that is only ever written."""

    new_pin = forms.CharField(
        label=_("PIN"),
        required=False,
        strip=True,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password", "inputmode": "numeric"}),
        help_text=_("At least six digits. Leave empty to keep the present one."),
    )

    class Meta:
        model = StaffMember
        fields = ["code", "name", "role", "new_pin", "stores", "is_active"]

    def clean_new_pin(self) -> str:
        pin = self.cleaned_data["new_pin"]
        if not pin and not self.instance.pin_hash:
            raise forms.ValidationError(_("Choose a PIN."))
        if pin and not pins.is_acceptable(pin):
            raise forms.ValidationError(
                _("A PIN has at least six digits, not all the same and not simply counting up or down.")
            )
        return pin


@admin.register(StaffMember)
class StaffMemberAdmin(ModelAdmin):
    form = StaffMemberForm
    list_display = ["code", "name", "role", "is_active"]
    list_filter = ["role", "is_active", "stores"]
    search_fields = ["code", "name"]
    filter_horizontal = ["stores"]

    def save_model(self, request: HttpRequest, obj: StaffMember, form: Any, change: bool) -> None:
        pin = form.cleaned_data["new_pin"]
        if pin:
            services.set_pin(member=obj, pin=pin, actor=_actor(request.user))
        else:
            obj.save()
        audit.record(
            actor=_actor(request.user),
            action="staff.saved",
            subject=f"staff:{obj.pk}",
            detail={"role": obj.role, "active": obj.is_active},
        )

    def has_delete_permission(self, request: HttpRequest, obj: StaffMember | None = None) -> bool:
        # What a person did stays on record: they are made inactive instead.
        return False


@admin.register(Register)
class RegisterAdmin(ModelAdmin):
    fields = ["store", "code", "name", "is_active"]
    list_display = ["code", "name", "store", "is_active"]
    list_filter = ["store", "is_active"]
    search_fields = ["code", "name", "store__name"]

    def save_model(self, request: HttpRequest, obj: Register, form: Any, change: bool) -> None:
        token = tokens.register_token(obj.pk)
        obj.token_hash = tokens.register_token_hash(token)
        obj.save()
        audit.record(actor=_actor(request.user), action="register.saved", subject=f"register:{obj.pk}")
        if not change:
            messages.success(
                request, _("Set the register up with this token, shown only now: %(token)s") % {"token": token}
            )

    def has_delete_permission(self, request: HttpRequest, obj: Register | None = None) -> bool:
        return False


def _actor(user: Any) -> str:
    assert isinstance(user, AbstractBaseUser)
    return f"admin:{user.pk}"
