"""Settings of the processes that tests start: as in development, with the test's fast password hashes."""

from marketplace.settings.development import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
