import secrets

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from embedded_core.models.base import WithMetadata


def _token_key() -> str:
    return secrets.token_urlsafe(9)


class UserManager(BaseUserManager):
    """Makes users whose name is their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


# The private metadata of accounts of a catalogue file: everybody knows their passwords.
DEMONSTRATION = "demonstration"


class User(AbstractBaseUser, WithMetadata):
    """A customer, or a member of staff with Saleor's permission names (a superuser holds all of them)."""

    email = models.EmailField(unique=True)
    first_name = models.CharField(max_length=120, blank=True)
    last_name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_superuser = models.BooleanField(default=False)
    permissions = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # Part of every token: a new key makes all earlier tokens invalid.
    jwt_token_key = models.CharField(max_length=20, default=_token_key)
    date_joined = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    USERNAME_FIELD = "email"
    objects = UserManager()

    def __str__(self) -> str:
        return self.email

    @property
    def may_sign_in(self) -> bool:
        """Whether the account is active; the demonstration's end with DEBUG."""
        return self.is_active and (settings.DEBUG or DEMONSTRATION not in self.private_metadata)

    # Django's admin asks these two; in this core only a superuser works in the admin.
    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.may_sign_in and self.is_superuser

    def has_module_perms(self, app_label: str) -> bool:
        return self.may_sign_in and self.is_superuser


class App(models.Model):
    """Another service with a token of its own, permissions, and an address to which webhooks are sent."""

    name = models.CharField(max_length=120, unique=True)
    token_hash = models.CharField(max_length=64, unique=True)
    is_active = models.BooleanField(default=True)
    permissions = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    webhook_url = models.URLField(blank=True)
    events = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    def __str__(self) -> str:
        return self.name
