"""What the pure rules say, in the reader's language."""

from django.utils.translation import gettext

from plugins.merchandising.rules import Reason


def said(reason: Reason) -> str:
    """The sentence in the language active now."""
    return gettext(reason.sentence) % reason.facts
