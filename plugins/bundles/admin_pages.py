"""Pages of an offer beside its editor: what is sold and what comes, its versions, what differs, and files.

Who may change offers may also publish them; who may only look sees the same pages without buttons.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, Final, TypedDict

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from kernel.errors import INVALID, ApiError
from kernel.models import AuditEntry
from plugins.bundles import comparing, files, selectors, services
from plugins.bundles.admin_editor import CHANGE, VIEW
from plugins.bundles.models import Offer, OfferVersion
from plugins.bundles.states import STATES, VERSIONS, in_work, moment, name_of, state_of, version_state
from plugins.catalogue import selectors as catalogue
from plugins.catalogue.models import Channel

ADD: Final = "bundles.add_offer"
TOLD: Final = 60
ACTS: Final = {
    "bundles.draft_saved": gettext_lazy("Draft saved"),
    "bundles.draft_discarded": gettext_lazy("Draft thrown away"),
    "bundles.scheduled": gettext_lazy("Scheduled"),
    "bundles.published": gettext_lazy("Published"),
    "bundles.rolled_back": gettext_lazy("Back to the version before"),
    "bundles.withdrawn": gettext_lazy("Taken off sale"),
}
_LABELS: Final = {"LIVE": "success", "SCHEDULED": "info", "ENDED": "warning", "DRAFT": "primary", "BEFORE": "default"}


class AddForm(forms.Form):
    """A new offer's code, channel and beginning."""

    name = forms.CharField(label=gettext_lazy("Name in English"), max_length=100, widget=UnfoldAdminTextInputWidget())
    code = forms.SlugField(
        label=gettext_lazy("Code"),
        max_length=64,
        help_text=gettext_lazy("Letters, digits and hyphens; it never changes."),
        widget=UnfoldAdminTextInputWidget(),
    )
    channel = forms.ChoiceField(label=gettext_lazy("Sales channel of the core"), widget=UnfoldAdminSelectWidget)
    like = forms.ChoiceField(
        label=gettext_lazy("Begin with"),
        required=False,
        help_text=gettext_lazy("A copy of another offer of the channel, or an empty one."),
        widget=UnfoldAdminSelectWidget,
    )

    def __init__(self, *given: Any, channels: list[Channel], offers: list[Offer], language: str) -> None:
        super().__init__(*given)
        self.offers = {one.pk: one for one in offers}
        self.fields["channel"].choices = [(one.slug, one.name) for one in channels]  # type: ignore[attr-defined]
        named = [(one.pk, f"{name_of(one, language)} ({one.channel.name})") for one in offers]
        self.fields["like"].choices = [("", _("An empty offer")), *named]  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        """A code of its own."""
        code = str(self.cleaned_data["code"])
        if Offer.objects.filter(pk=code).exists():
            raise forms.ValidationError(_("There is an offer of this code."))
        return code

    def clean(self) -> dict[str, Any]:
        """A copy sells in the same channel: its SKUs and prices are that channel's."""
        chosen = super().clean() or {}
        like = self.offers.get(chosen.get("like", ""))
        if like is not None and chosen.get("channel") != like.channel_id:
            self.add_error("like", _("This offer is sold in another channel."))
        return chosen


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new offer as a draft."""
    if not (request.user.has_perm(ADD) and request.user.has_perm(CHANGE)):
        raise PermissionDenied
    channels = catalogue.channels()
    offers = list(Offer.objects.select_related("channel", "current").prefetch_related("versions"))
    given = (request.POST,) if request.method == "POST" else ()
    form = AddForm(*given, channels=channels, offers=offers, language=get_language() or "en")
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        channel = next(one for one in channels if one.slug == chosen["channel"])
        try:
            document, test_cases = _beginning(form.offers.get(chosen["like"]), channel, chosen["name"])
            services.save_draft(
                code=chosen["code"], channel=channel, document=document, test_cases=test_cases, actor=_actor(request),
                seen=0,
            )  # fmt: skip
        except ApiError as refusal:
            form.add_error(None, str(refusal.message))
        else:
            return HttpResponseRedirect(reverse("admin:bundles_offer_edit", args=[chosen["code"]]))
    return _page(request, "bundles/add.html", title=_("New offer"), form=form)


def _beginning(like: Offer | None, channel: Channel, name: str) -> tuple[dict[str, Any], list[Any]]:
    if like is not None:
        version = in_work(like) or like.current or like.versions.order_by("-number")[0]
        return {**version.document, "name": {"en": name}}, list(version.test_cases)
    group = {"code": "device", "label": {"en": "Device", "zh-Hans": "设备"}, "lowerLimit": 1, "upperLimit": 1}
    return {"name": {"en": name}, "currency": channel.currency, "terms": [24, 0], "groups": [group]}, []


@require_GET
def overview(request: HttpRequest, code: str) -> HttpResponse:
    """What is sold, what comes and when, the versions and their history."""
    offer = _offer(request, code)
    versions = list(offer.versions.order_by("-number"))
    draft, before = in_work(offer), selectors.version_before(offer)
    zone = selectors.zone_of(offer.channel)
    own = {
        "offer": offer,
        "name": name_of(offer, get_language() or "en"),
        "state": STATES[state_of(offer)],
        "state_key": state_of(offer),
        "draft": draft,
        "comes": moment(draft.publish_at, offer.channel) if draft and draft.publish_at else "",
        "before": before,
        "zone": zone.key,
        "today": selectors.today(offer.channel),
        "sold": offer.current.number if offer.current else 0,
        "may": request.user.has_perm(CHANGE),
        "versions": [_version(one, offer) for one in versions],
        "history": _history(offer),
    }
    return _page(request, "bundles/overview.html", title=_("Offer %(code)s") % {"code": code}, **own)


def _version(version: OfferVersion, offer: Offer) -> dict[str, Any]:
    key = version_state(version, offer)
    at = version.published_at or version.publish_at or version.saved_at
    return {
        "row": version,
        "state": VERSIONS[key],
        "label": _LABELS[key],
        "when": moment(at, offer.channel),
        "who": _names({version.saved_by}).get(version.saved_by, version.saved_by),
    }


def _history(offer: Offer) -> list[dict[str, Any]]:
    """Who did what, when and why: from the audit trail, newest first."""
    found = list(AuditEntry.objects.filter(subject=f"offer:{offer.pk}").order_by("-id")[:TOLD])
    names = _names({one.actor for one in found})
    return [
        {
            "what": ACTS.get(one.action, one.action),
            "who": names.get(one.actor, one.actor),
            "at": moment(one.at, offer.channel),
            "number": one.detail.get("number"),
            "note": one.detail.get("note", ""),
            "comes": _comes(one, offer),
        }
        for one in found
    ]


def _comes(entry: AuditEntry, offer: Offer) -> str:
    at = entry.detail.get("at")
    return moment(dt.datetime.fromisoformat(at), offer.channel) if at else ""


def _names(actors: set[str]) -> dict[str, str]:
    """The user names of the admin's users among actors. One query."""
    ids = {actor.removeprefix("admin:"): actor for actor in actors if actor.removeprefix("admin:").isdigit()}
    found = {ids[str(pk)]: name for pk, name in User.objects.filter(pk__in=ids).values_list("pk", "username")}
    return found | {"system:bundles": _("by itself, as scheduled")}


@require_POST
def act(request: HttpRequest, code: str) -> HttpResponse:
    """Publish, schedule, go back, take off sale or throw the draft away."""
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied
    offer = _offer(request, code)
    wanted = _ACTS.get(request.POST.get("do", ""))
    if wanted is None:
        raise Http404
    try:
        messages.success(request, wanted(request, offer))
    except ApiError as refusal:
        messages.error(request, str(refusal.message))
    return HttpResponseRedirect(reverse("admin:bundles_offer_change", args=[code]))


def _publish(request: HttpRequest, offer: Offer) -> str:
    version = services.publish(code=offer.pk, seen=_seen(request), **_by(request))
    return _("Version %(number)s is on sale now.") % {"number": version.number}


def _schedule(request: HttpRequest, offer: Offer) -> str:
    at = _moment(request.POST.get("at", ""), offer.channel)
    version = services.schedule(code=offer.pk, at=at, seen=_seen(request), **_by(request))
    facts = {"number": version.number, "when": moment(at, offer.channel)}
    return _("Version %(number)s comes on sale by itself: %(when)s.") % facts


def _moment(text: str, channel: Channel) -> dt.datetime:
    """A local moment of the channel. Errors: INVALID (no moment, or one that the clocks skip)."""
    zone = selectors.zone_of(channel)
    try:
        naive = dt.datetime.fromisoformat(text).replace(tzinfo=None)
        at = naive.replace(tzinfo=zone)
        skipped = at.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None) != naive
    except (ValueError, OverflowError) as error:
        raise ApiError(INVALID, _("Choose a day and a time."), field="at") from error
    if skipped:
        raise ApiError(INVALID, _("The clocks skip this time on that day. Choose another."), field="at")
    return at


def _back(request: HttpRequest, offer: Offer) -> str:
    sold = request.POST.get("sold", "")
    version = services.roll_back(code=offer.pk, sold=int(sold) if sold.isdigit() else None, **_by(request))
    return _("Version %(number)s is on sale again.") % {"number": version.number}


def _withdraw(request: HttpRequest, offer: Offer) -> str:
    services.withdraw(code=offer.pk, **_by(request))
    return _("The offer is not sold any more. What was ordered stays as it is.")


def _discard(request: HttpRequest, offer: Offer) -> str:
    services.discard_draft(code=offer.pk, actor=_actor(request), seen=_seen(request))
    return _("The draft is thrown away.")


_ACTS: Final[dict[str, Callable[[HttpRequest, Offer], str]]] = {
    "publish": _publish, "schedule": _schedule, "back": _back, "withdraw": _withdraw, "discard": _discard,
}  # fmt: skip


def _seen(request: HttpRequest) -> int | None:
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdigit() and len(seen) < 10 else None


class _By(TypedDict):
    actor: str
    note: str


def _by(request: HttpRequest) -> _By:
    return {"actor": _actor(request), "note": request.POST.get("note", "").strip()}


@require_GET
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """What differs between two versions, in words."""
    offer = _offer(request, code)
    versions = {str(one.number): one for one in offer.versions.order_by("-number")}
    one, other = versions.get(request.GET.get("from", "")), versions.get(request.GET.get("to", ""))
    if one is None or other is None:
        raise Http404
    own = {
        "offer": offer,
        "one": one,
        "other": other,
        "versions": list(versions.values()),
        "differences": comparing.differences(one.document, other.document, get_language() or "en"),
        "cases": (len(one.test_cases), len(other.test_cases)),
    }
    title = _("What differs between versions %(one)s and %(other)s")
    return _page(request, "bundles/compare.html", title=title % {"one": one.number, "other": other.number}, **own)


@require_GET
def take_out(request: HttpRequest, code: str, number: int, kind: str) -> HttpResponse:
    """A version as a file."""
    offer = _offer(request, code)
    version = get_object_or_404(offer.versions, number=number)
    if kind not in files.KINDS:
        raise Http404
    text = files.write(version.document, version.test_cases, kind)
    return HttpResponse(
        text.encode(),
        content_type="application/json" if kind == files.JSON else "application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{code}-{number}.{kind}"'},
    )


def _offer(request: HttpRequest, code: str) -> Offer:
    if not (request.user.has_perm(VIEW) or request.user.has_perm(CHANGE)):
        raise PermissionDenied
    return get_object_or_404(Offer.objects.select_related("channel", "current"), pk=code)


def _page(request: HttpRequest, template: str, **own: Any) -> HttpResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), **own})


def _actor(request: HttpRequest) -> str:
    return f"admin:{request.user.pk}"
