from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OnboardingConfig(AppConfig):
    name = "plugins.onboarding"
    label = "onboarding"
    verbose_name = _("Taking over a catalogue")

    def ready(self) -> None:
        from commerce import check
        from plugins.onboarding import checks, events

        events.register()
        for points in (checks.mapping, checks.stores, checks.collecting, checks.guard):
            check.register(points)
