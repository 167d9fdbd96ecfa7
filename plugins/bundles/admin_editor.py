"""The page on which an offer is edited, tried and tested. Only "save" writes; everything else shows what would be."""

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from inventory.models import Store
from kernel.errors import INVALID, ApiError
from plugins.bundles import cases, drafting, editing, files, selectors, services
from plugins.bundles.admin_state import MAX_ROWS, Row, State, Trial, is_plain, read_state
from plugins.bundles.admin_trial import shown_trial
from plugins.bundles.document import MAX_BYTES
from plugins.bundles.drafting import Asked, Tried
from plugins.bundles.editor import Editor
from plugins.bundles.editor_fields import RULE_KINDS, Choices
from plugins.bundles.errors import INVALID_OFFER
from plugins.bundles.models import Offer, OfferVersion
from plugins.bundles.selectors import Loaded
from plugins.catalogue.models import Channel, ChannelListing

VIEW: Final = "bundles.view_offer"
CHANGE: Final = "bundles.change_offer"
FOUND: Final = 12
CATEGORIES: Final = ("device", "service", "fee", "penalty", "untaxed")
WRITING: Final = frozenset({"save"})


class _Page:
    """One request to the editor: the state it came with, what the button asks for, and what is shown."""

    def __init__(self, request: HttpRequest, offer: Offer, state: State) -> None:
        self.request, self.offer, self.state = request, offer, state
        self.language = get_language() or "en"
        self.channel: Channel = offer.channel
        self.says: list[str] = []
        self.outcomes: list[Any] | None = None
        self.focus = ""
        self._settle()

    def _settle(self) -> None:
        """Look at the document anew."""
        state, today = self.state, selectors.today(self.channel)
        self.document, self.problems = drafting.read_draft(state.document, state.cases, self.channel, today)
        self.loaded: Loaded | None = None
        wrong = [one for one in self.problems if not one.path.startswith("testCases")]
        if self.document is not None and not wrong:
            self.loaded = drafting.load_draft(self.document, state.document, self.channel, self.offer.pk)
            if not state.trial.term:
                self._suggest()

    def _suggest(self) -> None:
        assert self.loaded is not None
        trial = self.state.trial
        term = int(trial.term) if trial.term.isdigit() else self.loaded.compiled.document.first_term
        asked = Trial(str(term), trial.buyer, trial.address_day).asked()
        found = drafting.suggested(self.loaded, term, asked.buyer, self.language)
        rows = Trial.of(Asked(term, found)).rows[:MAX_ROWS]
        self.state.trial = Trial(str(term), trial.buyer, trial.address_day, rows)

    def act(self, wanted: str) -> None:
        """What a button asks for. Errors: those of the preview."""
        name, _colon, what = wanted.partition(":")
        document, state = self.state.document, self.state
        match name:
            case "open":
                state.node = editing.known_node(document, what)
                self.focus = "offer-part"
            case "group":
                state.node = editing.add_group(document, what)
            case "option":
                self._add_options(what, [state.find] if not what.count("=") else [])
            case "rule" if what in dict(RULE_KINDS):
                state.node = editing.add_rule(document, what)
            case "add":
                path, _equals, kind = what.partition("=")
                editing.add_record(document, path, kind)
            case "remove":
                owner = editing.remove(document, what)
                if state.node == what or editing.known_node(document, state.node) != state.node:
                    state.node = editing.node_at(document, owner)
            case "up" | "down":
                moved = editing.move(document, what, -1 if name == "up" else 1)
                if state.node == what:
                    state.node = moved
            case "suggest" if self.loaded is not None:
                self._suggest()
            case "row" if len(state.trial.rows) < MAX_ROWS:
                state.trial.rows.append(Row(""))
            case "drop" if what.isdigit() and int(what) < len(state.trial.rows):
                state.trial.rows.pop(int(what))
            case "mend" if what.isdigit():
                asked, tried = self.try_out()
                state.trial = Trial.of(drafting.mended(asked, tried, int(what)))
            case "keep":
                asked, tried = self.try_out()
                title = self.request.POST.get("case", "").strip()[:100]
                title = title or _("Case %(number)s") % {"number": len(state.cases) + 1}
                state.cases.append(drafting.case_of(title, asked, tried))
                self.says.append(_("“%(name)s” is kept as a test case. It is saved with the draft.") % {"name": title})
            case "case" if what.isdigit() and int(what) < len(state.cases):
                self._open_case(int(what))
            case "forget" if what.isdigit() and int(what) < len(state.cases):
                state.cases.pop(int(what))
            case "import":
                self._import()
        if name in ("group", "option", "rule", "add", "remove", "up", "down", "import", "keep", "forget"):
            self._settle()

    def _add_options(self, what: str, typed: list[str]) -> None:
        """Add what was found or named to a group; several SKUs in a row are all added."""
        group, _equals, sku = what.partition("=")
        wanted = [sku] if sku else [one for text in typed for one in text.replace(",", " ").split()]
        known = selectors.names_of(wanted, self.channel, self.language)
        for one in wanted:
            if one in known and editing.add_option(self.state.document, group, one) is not None:
                self.state.find = ""

    def _open_case(self, number: int) -> None:
        case = cases.read(self.state.cases)[number]
        self.state.trial = Trial.of(Asked(case.term, tuple(case.selections), case.buyer))
        self.focus = "offer-trial"

    def _import(self) -> None:
        upload = self.request.FILES.get("file")
        if upload is None:
            self.says.append(_("Choose a file."))
            return
        document, test_cases = files.read_file(upload.read(MAX_BYTES + 1))
        if not is_plain(document):
            raise ApiError(INVALID, _("The file holds no offer."), field="file")
        self.state = State(document, test_cases, seen=self.state.seen, note=self.state.note)
        self.says.append(_("The file is read. It is not saved yet: look at it first."))

    def try_out(self) -> tuple[Asked, Tried]:
        """The choice of the preview, configured. Errors: INVALID and those of `drafting.try_out`."""
        asked = self.state.trial.asked()
        if self.loaded is None:
            raise ApiError(INVALID_OFFER, _("The preview comes when the problems are mended."))
        return asked, drafting.try_out(self.loaded, asked, self.language)

    def context(self) -> dict[str, Any]:
        """What the template shows."""
        state = self.state
        editor = Editor(state.document, state.node, self.problems, self.language, self._known())
        draft = state.seen > 0
        version = self.offer.versions.exclude(state=OfferVersion.State.PUBLISHED).first()
        own: dict[str, Any] = {
            **admin.site.each_context(self.request),
            "title": _("Offer %(code)s") % {"code": self.offer.pk},
            "offer": self.offer,
            "state": state,
            "tree": editor.tree(),
            "blocks": editor.blocks(),
            "rest": editor.rest(),
            "problems": [(editing.node_at(state.document, one.path), one) for one in self.problems],
            "part": editing.part_of(state.document, editing.base_of(state.node).rstrip(".")),
            "is_group": editing.is_group(state.node),
            "options_shown": self._options(editor),
            "offer_number": (version or self.offer.current or OfferVersion(number=0)).number,
            "rule_kinds": RULE_KINDS,
            "found": self._found(),
            "may_save": self.request.user.has_perm(CHANGE),
            "has_draft": draft,
            "scheduled": version is not None and version.state == OfferVersion.State.SCHEDULED,
            "says": self.says,
            "focus": self.focus,
            "cases": self._cases(),
        }
        return own | shown_trial(self, editor)

    def _options(self, editor: Editor) -> list[tuple[str, Any, str, str]]:
        """The options of the group that is shown: path, option, name and limits."""
        node = self.state.node
        group = editing.part_of(self.state.document, node) if editing.is_group(node) else {}
        return [
            (
                f"{node}.options.{number}",
                option,
                editor.name(option.get("sku")),
                f"{option.get('lowerLimit', 0)}–{option.get('upperLimit', 1)}",
            )
            for number, option in enumerate(group.get("options") or [])
        ]

    def _cases(self) -> list[tuple[Mapping[str, Any], Any]]:
        """Each test case with its outcome; None while the draft cannot be asked."""
        told = [one if isinstance(one, dict) else {} for one in self.state.cases]
        found: list[Any] = [None] * len(told)
        if self.loaded is not None and not self.problems:
            found = list(drafting.outcomes(self.loaded, self.state.cases))
        return list(zip(told, found, strict=True))

    def _known(self) -> dict[str, Choices]:
        stores = list(Store.objects.filter(country=self.channel.country).order_by("name"))
        document = self.state.document
        groups = document.get("groups") or []
        skus = [str(one.get("sku")) for group in groups for one in group.get("options") or []]
        self.names = selectors.names_of(skus, self.channel, self.language)
        return {
            "stores": tuple((one.code, one.name) for one in stores),
            "cities": tuple((one, one) for one in sorted({one.city for one in stores if one.city})),
            "regions": tuple((one, one) for one in sorted({one.country_area for one in stores if one.country_area})),
            "categories": tuple((one, one) for one in CATEGORIES),
            "names": tuple(self.names.items()),
        }

    def _found(self) -> list[tuple[str, str]]:
        """Products that the search for an option names."""
        words = self.state.find
        if not words or "\0" in words:
            return []
        listings = ChannelListing.objects.filter(channel=self.channel, variant__is_active=True)
        named = listings.filter(Q(variant__sku__icontains=words) | Q(variant__product__name__icontains=words))
        skus = list(named.order_by("variant__sku").values_list("variant__sku", flat=True)[:FOUND])
        return list(selectors.names_of(skus, self.channel, self.language).items())


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The editor. Who may look at offers may try things out; who may change them may save the draft."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    offer = get_object_or_404(Offer.objects.select_related("channel", "current"), pk=code)
    if request.method == "GET":
        return _show(_Page(request, offer, _stored(offer, request.GET.get("node", ""))))
    wanted = request.POST.get("do", "")
    if wanted in WRITING and not request.user.has_perm(CHANGE):
        raise PermissionDenied
    try:
        state = read_state(request.POST)
    except ApiError as refusal:
        # More than the page itself would send: there is nothing to show it in.
        return HttpResponseBadRequest(str(refusal.message), content_type="text/plain; charset=utf-8")
    page = _Page(request, offer, state)
    try:
        if wanted == "save":
            return _save(page)
        page.act(wanted)
    except ApiError as refusal:
        page.says.append(str(refusal.message))
    return _show(page)


def _show(page: _Page) -> HttpResponse:
    return TemplateResponse(page.request, "bundles/editor.html", page.context())


def _stored(offer: Offer, node: str) -> State:
    """The draft; where there is none, one that begins with what is sold now."""
    draft = offer.versions.exclude(state=OfferVersion.State.PUBLISHED).first()
    version = draft or offer.current or offer.versions.order_by("-number").first()
    document = version.document if version else {}
    return State(
        document=document,
        cases=list(version.test_cases) if version else [],
        node=editing.known_node(document, node),
        seen=draft.revision if draft else 0,
        note=draft.note if draft else "",
    )


def _save(page: _Page) -> HttpResponse:
    state = page.state
    services.save_draft(
        code=page.offer.pk,
        channel=page.channel,
        document=state.document,
        test_cases=state.cases,
        actor=f"admin:{page.request.user.pk}",
        note=state.note,
        seen=state.seen,
    )
    messages.success(page.request, _("The draft is saved."))
    address = reverse("admin:bundles_offer_edit", args=[page.offer.pk])
    return HttpResponseRedirect(f"{address}?{urlencode({'node': state.node})}")
