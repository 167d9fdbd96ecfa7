"""Signing in to the core's admin."""

from typing import Any

from django.contrib.auth.backends import ModelBackend


class Backend(ModelBackend):
    """Django's own, but who may not sign in has no session either: see `User.may_sign_in`."""

    def user_can_authenticate(self, user: Any) -> bool:
        return user is not None and user.may_sign_in
