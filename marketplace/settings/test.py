"""Settings for the tests: fast hashes, memory for mail, everything else as in development."""

from marketplace.lib import environment
from marketplace.settings.development import *  # noqa: F403
from marketplace.settings.development import DATABASES, STORAGES, VAR_DIR

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SMS_PROVIDER = "notices.providers.sms_memory.MemorySmsProvider"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Tests look at pages as they are; those of the kept ones keep them.
VISITOR_PAGE_SECONDS = 0
STYLE_PAGE = False
MEDIA_ROOT = VAR_DIR / "test-media"
STORAGES = {
    **STORAGES,
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "test-private", "base_url": None},
    },
}
STRIPE_API_BASE = "http://127.0.0.1:9"  # nobody listens: a test that needs the provider says so

# A migrated database to copy instead of migrating from nothing; tests/support makes and names it.
DATABASES["default"]["TEST"] = {"TEMPLATE": environment.text("TEST_DATABASE_TEMPLATE", "") or None}
