from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "plugins.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        from kernel import personal_data
        from plugins.staff.models import StaffMember

        personal_data.register(
            StaffMember, ["name"], note="Staff, who have no e-mail address here: looked after in the admin."
        )
