"""Changes of offers: drafts, publication, the way back. Each in one transaction, with its audit entry."""

import datetime as dt
import json
import logging
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.errors import CHANGED_SINCE, INVALID, NOT_FOUND, ApiError
from kernel.locks import lock_rows
from kernel.notices import notify
from plugins.bundles import cases, selectors, validation
from plugins.bundles.cases import Case, CaseBuyer, Outcome
from plugins.bundles.compiled import Asking, Compiled
from plugins.bundles.default_terms import Listed
from plugins.bundles.document import MAX_BYTES, MalformedError, OfferDocument, read
from plugins.bundles.eligibility import Buyer
from plugins.bundles.errors import INVALID_OFFER, TESTS_FAILED
from plugins.bundles.models import BuyerProfile, Offer, OfferVersion, Publication
from plugins.catalogue import selectors as catalogue
from plugins.catalogue.models import Channel

log = logging.getLogger(__name__)
TOLD: Final = 10
MOST_NOTE: Final = 200
# Notices of this topic carry the code of an offer that is sold in another version now, or no more.
OFFERS: Final = "offers"
State = OfferVersion.State


@transaction.atomic
def save_draft(
    *,
    code: str,
    channel: Channel,
    document: Mapping[str, Any],
    test_cases: list[Any],
    actor: str,
    note: str = "",
    seen: int | None = None,
) -> OfferVersion:
    """Keep a draft; the offer comes to be with its first. It need not be sound yet, but of the right form.

    `seen` is the `revision` of the draft that the editor began with (0: there was none). Errors: INVALID_OFFER (form,
    size), INVALID (the code is another channel's), CHANGED_SINCE.
    """
    _check_form(document, test_cases)
    offer = _offer(code, channel)
    version = offer.versions.exclude(state=State.PUBLISHED).first()
    if seen is not None and seen != (version.revision if version else 0):
        raise _changed_since()
    if version is None:
        last = offer.versions.aggregate(last=Max("number"))["last"] or 0
        version = OfferVersion(offer=offer, number=last + 1, revision=0)
    version.state, version.publish_at, version.refused = State.DRAFT, None, ""
    version.document, version.test_cases = dict(document), test_cases
    version.note, version.saved_by, version.saved_at = note[:MOST_NOTE], actor, clock.now()
    version.revision += 1
    version.save()
    detail = {"number": version.number, "note": version.note}
    audit.record(actor=actor, action="bundles.draft_saved", subject=f"offer:{code}", detail=detail)
    return version


def _check_form(document: Mapping[str, Any], test_cases: list[Any]) -> None:
    if len(json.dumps([document, test_cases], ensure_ascii=False).encode()) > MAX_BYTES:
        message = _("An offer has at most %(most)s kilobytes.")
        raise ApiError(INVALID_OFFER, message, field="document", params={"most": MAX_BYTES // 1000})
    try:
        read(document)
        cases.read(test_cases)
    except MalformedError as error:
        raise _invalid([f"{path}: {text}" for path, text in error.mistakes]) from error


def _offer(code: str, channel: Channel) -> Offer:
    offer, _made = Offer.objects.get_or_create(pk=code, defaults={"channel": channel})
    (offer,) = lock_rows(Offer.objects.filter(pk=offer.pk))
    if offer.channel_id != channel.pk:
        raise ApiError(INVALID, _("This code is that of an offer in another channel."), field="code")
    return offer


def _invalid(problems: list[str]) -> ApiError:
    shown = problems[:TOLD]
    return ApiError(
        INVALID_OFFER,
        _("The offer cannot be sold like this: %(said)s"),
        field="document",
        params={"problems": shown, "said": "; ".join(shown)},
    )


def _changed_since() -> ApiError:
    return ApiError(CHANGED_SINCE, _("Somebody else has changed this offer meanwhile. Look at it again."))


def problems_of(document: OfferDocument, channel: Channel, day: dt.date | None = None) -> list[validation.Problem]:
    """All that speaks against a document in a channel, with a day also what has ended by then. Two queries."""
    listed = selectors.listed_of(catalogue.variants_by_skus(document.all_skus, channel))
    products = {sku: one.product for sku, one in listed.items()}
    return validation.problems(document, products, currency=channel.currency, day=day)


def check(version: OfferVersion, day: dt.date | None = None) -> list[Outcome]:
    """How the test cases of a sound version go; with the day on which it comes on sale, nothing may have ended by then.

    Errors: INVALID_OFFER.
    """
    document, channel = read(version.document), version.offer.channel
    variants = catalogue.variants_by_skus(document.all_skus, channel)
    listed: dict[str, Listed] = selectors.listed_of(variants)
    products = {sku: one.product for sku, one in listed.items()}
    found = validation.problems(document, products, currency=channel.currency, day=day)
    if found:
        raise _invalid(validation.sentences(found))
    compiled, _variants = selectors.compile_for(document, channel)
    return run_cases(compiled, cases.read(version.test_cases), channel, day)


def run_cases(
    compiled: Compiled, test_cases: list[Case], channel: Channel, day: dt.date | None = None
) -> list[Outcome]:
    """How test cases go, each on its own day or on the one given (None: today)."""
    today = day or selectors.today(channel)

    def asking_of(one: CaseBuyer) -> Asking:
        told = one.model_dump()
        return Asking(
            buyer=Buyer(**{**told, "day": one.day or today}), country=channel.country, names={}, stock={}, services=None
        )

    return cases.run(compiled, test_cases, asking_of)


@transaction.atomic
def publish(*, code: str, actor: str, seen: int | None = None, note: str = "") -> OfferVersion:
    """Sell the draft from now on. Errors: NOT_FOUND (no draft), CHANGED_SINCE, INVALID_OFFER, TESTS_FAILED."""
    version = _in_work(code, seen)
    _require_sound(version, selectors.today(version.offer.channel))
    version.state, version.published_at, version.refused = State.PUBLISHED, clock.now(), ""
    version.save()
    _make_current(version.offer, version, Publication.Kind.PUBLISHED, actor, note)
    return version


@transaction.atomic
def schedule(*, code: str, at: dt.datetime, actor: str, seen: int | None = None, note: str = "") -> OfferVersion:
    """Publish the draft by itself at that moment; it is checked now and then. Errors: those of `publish`, INVALID."""
    if at <= clock.now():
        raise ApiError(INVALID, _("Choose a moment that lies ahead."), field="at")
    version = _in_work(code, seen)
    _require_sound(version, at.astimezone(selectors.zone_of(version.offer.channel)).date())
    version.state, version.publish_at, version.refused = State.SCHEDULED, at, ""
    version.saved_by, version.saved_at = actor, clock.now()
    version.save()
    detail = {"number": version.number, "at": at.isoformat(), "note": note[:MOST_NOTE]}
    audit.record(actor=actor, action="bundles.scheduled", subject=f"offer:{code}", detail=detail)
    return version


def publish_due() -> list[OfferVersion]:
    """Publish what is due; what is refused waits and says why. Each in its own transaction."""
    due = OfferVersion.objects.filter(state=State.SCHEDULED, publish_at__lte=clock.now())
    published = []
    for pk, code, revision in list(due.values_list("pk", "offer_id", "revision")):
        try:
            published.append(publish(code=code, actor="system:bundles", seen=revision))
        except ApiError as refusal:
            log.warning("Offer %s is due and cannot be published: %s", code, refusal)
            due.filter(pk=pk, revision=revision).update(refused=str(refusal)[:2000])
    return published


@transaction.atomic
def roll_back(*, code: str, actor: str, note: str = "", sold: int | None = None) -> OfferVersion:
    """Sell the version that was sold before the one sold now. What has ended in it meanwhile is no obstacle.

    `sold` is the number of the version that is to be left (0: none is sold), so that two clicks do not go back twice.
    Errors: NOT_FOUND (none was), CHANGED_SINCE, INVALID_OFFER, TESTS_FAILED.
    """
    offer = _locked(code)
    if sold is not None and sold != (offer.current.number if offer.current else 0):
        raise _changed_since()
    before = selectors.version_before(offer)
    if before is None:
        raise ApiError(NOT_FOUND, _("No version was sold before this one."), field="code")
    _require_sound(before)
    _make_current(offer, before, Publication.Kind.ROLLED_BACK, actor, note)
    return before


@transaction.atomic
def withdraw(*, code: str, actor: str, note: str = "") -> None:
    """Sell the offer no more. What was ordered stays as it is. Errors: NOT_FOUND (it is not sold)."""
    offer = _locked(code)
    if offer.current is None:
        raise ApiError(NOT_FOUND, _("This offer is not sold."), field="code")
    _make_current(offer, None, Publication.Kind.WITHDRAWN, actor, note)


def _make_current(
    offer: Offer, version: OfferVersion | None, kind: Publication.Kind, actor: str, note: str = ""
) -> None:
    offer.current = version
    offer.save(update_fields=["current"])
    Publication.objects.create(offer=offer, version=version, kind=kind, actor=actor, at=clock.now())
    notify(OFFERS, offer.pk)
    detail = {"number": version.number if version else None, "note": note[:MOST_NOTE]}
    audit.record(actor=actor, action=f"bundles.{kind.lower()}", subject=f"offer:{offer.pk}", detail=detail)


def _locked(code: str) -> Offer:
    found = lock_rows(Offer.objects.select_related("channel").filter(pk=code))
    if not found:
        raise ApiError(NOT_FOUND, _("There is no such offer."), field="code")
    return found[0]


def _in_work(code: str, seen: int | None) -> OfferVersion:
    offer = _locked(code)
    version = offer.versions.exclude(state=State.PUBLISHED).first()
    if version is None:
        raise ApiError(NOT_FOUND, _("This offer has no draft."), field="code")
    if seen is not None and seen != version.revision:
        raise _changed_since()
    version.offer = offer
    return version


def _require_sound(version: OfferVersion, day: dt.date | None = None) -> None:
    failed = [outcome for outcome in check(version, day) if outcome.failures]
    if failed:
        said = [f"{outcome.name} ({'; '.join(outcome.failures)})" for outcome in failed[:TOLD]]
        raise ApiError(
            TESTS_FAILED,
            _("Test cases do not hold: %(said)s"),
            field="testCases",
            params={"failures": said, "said": "; ".join(said)},
        )


@transaction.atomic
def discard_draft(*, code: str, actor: str, seen: int | None = None) -> None:
    """Forget the draft, scheduled or not. Errors: NOT_FOUND, CHANGED_SINCE."""
    version = _in_work(code, seen)
    number = version.number
    version.delete()
    audit.record(actor=actor, action="bundles.draft_discarded", subject=f"offer:{code}", detail={"number": number})


@transaction.atomic
def know_buyer(
    *, shopper_id: str, actor: str, segment: str = "", credit_class: str = "", born_on: dt.date | None = None
) -> BuyerProfile:
    """What the operator knows of a shopper from now on."""
    profile, _made = BuyerProfile.objects.update_or_create(
        pk=shopper_id,
        defaults={"segment": segment, "credit_class": credit_class, "born_on": born_on, "updated_at": clock.now()},
    )
    # Not which: the trail is read by more people than the profile.
    audit.record(actor=actor, action="bundles.buyer_known", subject=f"shopper:{shopper_id}")
    return profile
