from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GuidedSearchConfig(AppConfig):
    name = "plugins.guided_search"
    label = "guided_search"
    verbose_name = _("Guided search")

    def ready(self) -> None:
        from kernel import metrics, notices
        from plugins.guided_search import loader
        from plugins.guided_search import metrics as own_metrics

        metrics.at_scrape(own_metrics.indexes)

        for topic in (loader.CATALOGUE, loader.MERCHANDISING, loader.REBUILD):
            notices.register(topic, loader.follower)
