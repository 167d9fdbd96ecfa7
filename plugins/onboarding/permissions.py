"""Which permission opens the page; who may see it may use it, since it copies what the core shows anyway."""

from typing import Final

TAKE_OVER: Final = "onboarding.take_over"
