"""Signing in to the admin."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend

DEMO_GROUP = "demonstration"


class DemoAwareBackend(ModelBackend):
    """Django's own, but the demonstration's accounts, whose passwords everybody knows, end with DEBUG."""

    def user_can_authenticate(self, user: Any) -> bool:
        if not settings.DEBUG and user is not None and user.groups.filter(name=DEMO_GROUP).exists():
            return False
        return super().user_can_authenticate(user)
