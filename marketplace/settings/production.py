"""Settings for real use: refuses to start without its secrets."""

from typing import Any
from urllib.parse import urlsplit

from marketplace.lib import environment
from marketplace.settings.base import *  # noqa: F403
from marketplace.settings.base import CONTENT_SECURITY_POLICY, STORAGES, VAR_DIR

SECRET_KEY = environment.text("SECRET_KEY")
DATABASE_URL = environment.text("DATABASE_URL")
REDIS_URL = environment.text("REDIS_URL")
SITE_URL = environment.text("SITE_URL").rstrip("/")
ALLOWED_HOSTS = environment.required_words("ALLOWED_HOSTS")
STRIPE_API_KEY = environment.text("STRIPE_API_KEY")
STRIPE_WEBHOOK_SECRETS = environment.required_words("STRIPE_WEBHOOK_SECRETS")

SECURE_SSL_REDIRECT = environment.flag("SECURE_SSL_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
OSCAR_BASKET_COOKIE_SECURE = True

EMAIL_BACKEND = environment.text("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = environment.text("EMAIL_HOST", "localhost")
EMAIL_PORT = environment.whole_number("EMAIL_PORT", 587)
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 20
SMS_PROVIDER = environment.text("SMS_PROVIDER", "notices.providers.sms_gateway.GatewaySmsProvider")

STATIC_ROOT = VAR_DIR / "static"
STORAGES = dict(STORAGES)
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
S3_BUCKET = environment.text("S3_BUCKET", "")
if S3_BUCKET:
    S3_OPTIONS: dict[str, Any] = {
        "bucket_name": S3_BUCKET,
        "endpoint_url": environment.text("S3_ENDPOINT_URL", "") or None,
        "access_key": environment.text("S3_ACCESS_KEY", "") or None,
        "secret_key": environment.text("S3_SECRET_KEY", "") or None,
        "custom_domain": environment.text("S3_PUBLIC_DOMAIN", "") or None,
        "querystring_auth": False,
    }
    STORAGES["default"] = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": S3_OPTIONS}
    # Papers of groups lie in a bucket of their own, which nobody may read without our key; else on the disk.
    if environment.text("S3_PRIVATE_BUCKET", ""):
        STORAGES["private"] = {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                **S3_OPTIONS,
                "bucket_name": environment.text("S3_PRIVATE_BUCKET"),
                "custom_domain": None,
                "querystring_auth": True,
            },
        }
    # Browsers show pictures of hosts that the policy names, and of no others.
    _photos = S3_OPTIONS["endpoint_url"] or f"https://{S3_BUCKET}.s3.amazonaws.com"
    if S3_OPTIONS["custom_domain"]:
        _photos = f"https://{S3_OPTIONS['custom_domain']}"
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(
        "{0.scheme}://{0.netloc}".format(urlsplit(_photos))
    )
