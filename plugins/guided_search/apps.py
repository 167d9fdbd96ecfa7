from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuidedSearchConfig(AppConfig):
    name = "plugins.guided_search"
    label = "guided_search"
    verbose_name = _("Guided search")

    def ready(self) -> None:
        from kernel import notices
        from plugins.guided_search import loader

        for topic in (loader.CATALOGUE, loader.MERCHANDISING, loader.REBUILD):
            notices.register(topic, loader.follower)
