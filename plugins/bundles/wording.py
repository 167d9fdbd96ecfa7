"""What is wrong with a choice and what mends it, in words: for a person, and as changes for a program. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _

from plugins.bundles import repair, structure
from plugins.bundles.compiled import Asking, Change, Compiled, Violation
from plugins.bundles.eligibility import REASONS
from plugins.bundles.structure import Broken, Choice

UNKNOWN_OPTION: Final = "UNKNOWN_OPTION"
NOT_ELIGIBLE: Final = "NOT_ELIGIBLE"
TERM_NOT_OFFERED: Final = "TERM_NOT_OFFERED"
ADDRESS_REQUIRED: Final = "ADDRESS_REQUIRED"


def structural(
    offer: Compiled, choice: Choice, caps: Sequence[int], obstacles: Mapping[int, str], asking: Asking
) -> list[Violation]:
    """What is wrong with the numbers chosen, each with the part of the smallest change that bears on it."""
    broken = offer.structure.broken(choice, caps)
    if not broken:
        return []
    found = repair.repair(offer.structure, choice, caps)
    return [_violation(offer, one, choice, caps, found, obstacles, asking) for one in broken]


def _violation(
    offer: Compiled, one: Broken, choice: Choice, caps: Sequence[int], found: repair.Repair | None,
    obstacles: Mapping[int, str], asking: Asking,
) -> Violation:  # fmt: skip
    sku = offer.structure.options[one.option].sku if one.option >= 0 else None
    obstacle = obstacles.get(one.option)
    hindered = one.code == structure.OPTION_TOO_MANY and obstacle is not None
    changes = _changes(offer, one, choice, caps, found)
    return Violation(
        NOT_ELIGIBLE if hindered else one.code,
        f"{asking.name(sku or '')}: {REASONS[obstacle]}" if hindered and obstacle else _message(offer, one, asking),
        _remedy(offer, changes, found, asking),
        _group_of(offer, one),
        one.instance,
        sku,
        changes,
    )


def _group_of(offer: Compiled, one: Broken) -> str | None:
    if one.group >= 0:
        return offer.structure.groups[one.group].code
    line = offer.structure.rules[one.rule].line
    return None if line is None else offer.structure.groups[line].code


def _changes(
    offer: Compiled, one: Broken, choice: Choice, caps: Sequence[int], found: repair.Repair | None
) -> tuple[Change, ...]:
    """The part of the change that bears on this; all of it where none does by itself."""
    if found is None:
        return ()
    bearing = repair.bearing(offer.structure, one, choice, caps)
    own = {key: units for key, units in found.change.items() if (key, 1 if units > 0 else -1) in bearing}
    return tuple(Change(offer.code(key), key[1], offer.sku(key), units) for key, units in (own or found.change).items())


def _message(offer: Compiled, one: Broken, asking: Asking) -> str:
    if one.rule >= 0:
        return _rule_message(offer, one, asking)
    group = offer.groups[one.group]
    label = _place(group.label.in_language(asking.language), one.instance, group.maximum_instances)
    if one.option < 0:
        limits = {"label": label, "least": group.lower_limit, "most": group.upper_limit}
        if one.code == structure.TOO_FEW:
            return _("“%(label)s” needs at least %(least)s.") % limits
        return _("“%(label)s” allows at most %(most)s.") % limits
    option = offer.options[one.option]
    facts = {"name": asking.name(option.sku), "least": option.lower_limit, "most": option.upper_limit}
    if one.code == structure.OPTION_TOO_FEW:
        return _("At least %(least)s of %(name)s is needed.") % facts
    return _("At most %(most)s of %(name)s can be had.") % facts


def _rule_message(offer: Compiled, one: Broken, asking: Asking) -> str:
    code = offer.structure.rules[one.rule].code
    rule = next(source for source in offer.document.rules if source.code == code)
    if rule.message is not None:
        return rule.message.in_language(asking.language)
    if rule.kind == "COMPATIBLE":
        return _("Two of the parts do not work with each other.")
    if rule.kind == "EXCLUDES":
        return _("Two of the parts cannot be had together.")
    return _("Something is missing that must go with it.")


def _place(label: str, instance: int, instances: int) -> str:
    return f"{label} {instance}" if instances > 1 else label


def _remedy(offer: Compiled, changes: Sequence[Change], found: repair.Repair | None, asking: Asking) -> str:
    if found is None:
        return _("Nothing in this offer fits. Choose another offer.")
    labels = {group.code: group for group in offer.groups}
    parts = []
    for change in changes:
        group = labels[change.group]
        line = offer.structure.groups[offer.structure.codes[change.group]].line
        instances = 1 if line is None else offer.structure.groups[line].instances
        facts = {
            "units": abs(change.units),
            "name": asking.name(change.sku),
            "group": _place(group.label.in_language(asking.language), change.instance, instances),
        }
        text = _("add %(units)s × %(name)s to “%(group)s”") if change.units > 0 else None
        parts.append((text or _("take %(units)s × %(name)s out of “%(group)s”")) % facts)
    sentence = _("; ").join(parts)
    return sentence[:1].upper() + sentence[1:] + _(".")
