from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchLogConfig(AppConfig):
    name = "plugins.search_log"
    label = "search_log"
    verbose_name = _("Search log")

    def ready(self) -> None:
        from kernel import personal_data
        from plugins.search_log.models import ClickCount, SearchCount

        for model in (SearchCount, ClickCount):
            personal_data.register(
                model,
                ["text"],
                note="None: daily sums by text. What may be a number or an address of a person is never stored.",
            )
