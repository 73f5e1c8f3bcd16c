"""Settings shared by every environment; each environment variable is explained in .env.example."""

from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dj_database_url
import django.conf.locale
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from oscar.defaults import *  # noqa: F403 - Oscar asks for its settings to be flat names here

from marketplace.lib import environment
from marketplace.settings.worker import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(environment.text("VAR_DIR", str(BASE_DIR / "var")))

# Addresses and keys
SECRET_KEY = environment.text("SECRET_KEY", "")
DEBUG = False
SITE_NAME = environment.text("SITE_NAME", "One Place One Product")
# Pages of the shop that are the same for all visitors are kept so long (storefront.visitor_pages); 0: not at all.
VISITOR_PAGE_SECONDS = environment.whole_number("VISITOR_PAGE_SECONDS", 10)
SITE_URL = environment.text("SITE_URL", f"http://127.0.0.1:{environment.whole_number('PORT', 8000)}").rstrip(
    "/"
)
# How the programme office is reached by whoever buys or visits; each may be empty.
SITE_CONTACT_EMAIL = environment.text("SITE_CONTACT_EMAIL", "")
SITE_CONTACT_PHONE = environment.text("SITE_CONTACT_PHONE", "")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")
SITE_ID = 1
# Our own proxies before the web server: so many addresses at the end of X-Forwarded-For are believed.
PROXY_COUNT = environment.whole_number("PROXY_COUNT", 0)

INSTALLED_APPS = [
    "people.apps.PeopleConfig",
    "notices.apps.NoticesConfig",
    "regions.apps.RegionsConfig",
    "vendors.apps.VendorsConfig",
    "catalogue.apps.CatalogueConfig",
    "orders.apps.OrdersConfig",
    "orders.basket.apps.BasketConfig",
    "orders.shipping.apps.ShippingConfig",
    "payments.apps.PaymentsConfig",
    "programme.apps.ProgrammeConfig",
    "audit.apps.AuditConfig",
    "privacy.apps.PrivacyConfig",
    "storefront.apps.StorefrontConfig",
    "storefront.account.apps.AccountConfig",
    "dashboard.apps.DashboardConfig",
    "marketplace.apps.MarketplaceConfig",
    "orders.addresses.apps.AddressConfig",
    "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "orders.offers.apps.OfferConfig",
    "orders.vouchers.apps.VoucherConfig",
    "marketplace.apps.OfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.sites",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "treebeard",
    "csp",
    "django_guid",
    "pgtrigger",
]

MIDDLEWARE = [
    "django_guid.middleware.guid_middleware",
    "django.middleware.security.SecurityMiddleware",
    # Above the files, of which development has no compressed copies.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A page that did not change is not sent again.
    "django.middleware.http.ConditionalGetMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "marketplace.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "marketplace.middleware.BusyMiddleware",
    "marketplace.middleware.NotAllowedMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "marketplace.middleware.AuditMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "orders.basket.middleware.BasketMiddleware",
    "marketplace.middleware.AskAgainMiddleware",
]

ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "storefront.context_processors.shop",
            ],
        },
    },
]

# Database: PostgreSQL everywhere; the launcher and the tests set DATABASE_URL to their embedded server.
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        environment.text("DATABASE_URL", "") or "postgres://postgres@127.0.0.1:5432/marketplace",
        conn_max_age=environment.whole_number("DATABASE_CONN_MAX_AGE", 60),
        conn_health_checks=True,
    )
}
DATABASES["default"].setdefault("OPTIONS", {})
# Waiting longer than this for a row means that somebody is stuck: answer "busy" instead of hanging. Compiling the plan of a
# page (jit) takes seconds where the page itself takes milliseconds.
DATABASES["default"]["OPTIONS"].setdefault("options", "-c lock_timeout=3000 -c timezone=UTC -c jit=off")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Audit: django-pghistory carries who writes and why to the triggers, django-pgtrigger keeps them as audit/tracked.py says.
PGHISTORY_JSON_ENCODER = "marketplace.lib.audit.FactEncoder"
PGTRIGGER_MIGRATIONS = False

# Broker and cache
REDIS_URL = environment.text("REDIS_URL", "")
if REDIS_URL:
    CACHES: dict[str, dict[str, Any]] = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    }
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "visibility_timeout": 3600,
        # A request that queues a task must not wait for a broker that is away: the periodic query finds the work.
        "max_retries": 0,
        "socket_connect_timeout": 2,
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
    BROKER_DIR = VAR_DIR / "broker"
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "control_folder": str(BROKER_DIR / "control"),
        "processed_folder": str(BROKER_DIR / "processed"),
        "store_processed": False,
        "polling_interval": 0.1,
    }

# People
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.backends.ContactBackend"]
# Days for which an invitation into a group can be accepted.
INVITATION_DAYS = environment.whole_number("INVITATION_DAYS", 14)
LOGIN_URL = "account-login"
LOGIN_REDIRECT_URL = "account-home"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Languages. Django does not know Dzongkha: without this entry every page would be a server error.
django.conf.locale.LANG_INFO["dz"] = {"bidi": False, "code": "dz", "name": "Dzongkha", "name_local": "རྫོང་ཁ"}
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("hi", _("Hindi")), ("dz", _("Dzongkha"))]
# Languages whose texts no speaker has read yet: pages say so, and ask for wrong words. Source: the heads of locale/.
UNREVIEWED_LANGUAGES = frozenset({"hi", "dz"})
LOCALE_PATHS = [BASE_DIR / "locale"]
# Addresses that stand in marketplace.urls outside i18n_patterns: they say no language, and pages there take the reader's.
PATHS_WITHOUT_LANGUAGE = (
    "/admin/",
    "/bands/",
    "/feeds/",
    "/healthz",
    "/known/",
    "/media/",
    "/payments/",
    "/robots.txt",
    "/shared/",
    "/sitemap",
    "/static/",
)
TIME_ZONE = "UTC"
USE_TZ = True

# Files
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "marketplace.lib.stylesheet.StylesheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
SERVE_MEDIA = environment.flag("SERVE_MEDIA", default=False)
STYLE_PAGE = environment.flag("STYLE_PAGE", default=False)
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    # Papers of groups, and photos that no moderator has seen: no address leads there, pages hand them to those who
    # may see them.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "private", "base_url": None},
    },
}
# Days for which rows of a file with listings stay after its last step, and photos of a change that was refused or given up.
IMPORT_KEEP_DAYS = environment.whole_number("IMPORT_KEEP_DAYS", 90)
REFUSED_PHOTO_KEEP_DAYS = environment.whole_number("REFUSED_PHOTO_KEEP_DAYS", 30)
# Days for which the file of a report is kept, and how many one person may have made at the same time.
REPORT_KEEP_DAYS = environment.whole_number("REPORT_KEEP_DAYS", 7)
REPORTS_AT_ONCE = environment.whole_number("REPORTS_AT_ONCE", 3)
# Days for which the file of a person's data can be fetched.
EXPORT_KEEP_DAYS = environment.whole_number("EXPORT_KEEP_DAYS", 7)
# Years for which a sale keeps the name and address of a buyer who has closed the account (docs/adr/0018).
SALES_KEEP_YEARS = environment.whole_number("SALES_KEEP_YEARS", 8)
# Days after which a basket that nobody has touched is cleared away: of a visitor, and of an account.
BASKET_KEEP_DAYS = environment.whole_number("BASKET_KEEP_DAYS", 30)
OWN_BASKET_KEEP_DAYS = environment.whole_number("OWN_BASKET_KEEP_DAYS", 365)
# Days after which nobody can tell any more who reported misuse, counted from the decision.
MISUSE_CONTACT_DAYS = environment.whole_number("MISUSE_CONTACT_DAYS", 30)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Photos: what a phone makes fits, what only a bomb holds does not.
PHOTO_MAX_BYTES = 15 * 1024 * 1024
PHOTO_MAX_PIXELS = 40_000_000

# Goods below these categories (their addresses) are food, which nobody buys without knowing what is in it.
FOOD_CATEGORIES = ("food",)

# Content security: our own files only. A payment form is left by a redirect, so form-action names the provider.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, "https://checkout.stripe.com", "https://connect.stripe.com"],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "storefront.views.refused.form_refused"
# Listings that a browser looked at last (storefront.recently_seen).
SEEN_COOKIE_NAME = "seen"

# Mail and SMS
EMAIL_BACKEND = "notices.providers.mail_files.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "One Place One Product <shop@localhost>")
SMS_PROVIDER = environment.text("SMS_PROVIDER", "notices.providers.sms_files.FileSmsProvider")
SMS_FILE_PATH = VAR_DIR / "sms"
SMS_GATEWAY_URL = environment.text("SMS_GATEWAY_URL", "")
SMS_GATEWAY_TOKEN = environment.text("SMS_GATEWAY_TOKEN", "")
# The eighth try comes about two hours after the first.
NOTICE_MAX_TRIES = 8
# When people are not written to but for what cannot wait, on their own clock; and the zone of whoever gives no phone.
NOTICE_QUIET_HOURS = environment.hours("NOTICE_QUIET_HOURS", "21:00-07:00")
NOTICE_TIME_ZONE = environment.text("NOTICE_TIME_ZONE", "Asia/Thimphu")
# A message to groups that reaches more people than this, with what its writer has sent since midnight, needs a second person.
BROADCAST_ALONE_AT_MOST = environment.whole_number("BROADCAST_ALONE_AT_MOST", 200)

# Days of what the office publishes for no country in particular.
PROGRAMME_TIME_ZONE = ZoneInfo(environment.text("PROGRAMME_TIME_ZONE", "Asia/Thimphu"))
# What a moderator opens is with her or him alone for so long, and anew with each step.
CLAIM_MINUTES = 15
# How long things may wait in the queue of moderation unless the office says otherwise for their kind.
SERVICE_LEVEL_HOURS = 48

# Money
CHARGE_CURRENCY = environment.text("CHARGE_CURRENCY", "INR")
COMMISSION_RATE = environment.decimal("COMMISSION_RATE", "0.0800")
CARD_SESSION_MINUTES = 30
BANK_TRANSFER_DAYS = environment.whole_number("BANK_TRANSFER_DAYS", 5)
RESERVATION_GRACE_MINUTES = 10
# From the time that an order is handed to a group: it is reminded, then its part is cancelled and its money goes back.
ACCEPT_REMINDER_HOURS = 48
ACCEPT_WITHIN_HOURS = 96
# From the last shipment of goods that leave in pieces: the group is reminded of the rest, then the rest counts as not
# supplied and its money goes back.
REST_REMINDER_DAYS = 7
REST_WITHIN_DAYS = 14
# From delivery until a group's share may be paid out, unless the buyer confirms earlier.
HOLD_DAYS = 7
# What is so much later than the buyer was promised, and was never said to have come, counts as delivered.
DELIVERED_BY_TIME_DAYS = 14

# How long after delivery a buyer is asked, once, how the goods were.
REVIEW_ASK_DAYS = 7

# Returns: how long after delivery a buyer may ask; then how long the group may think, the buyer take to send the goods
# back, the group take to say that they came, and the buyer to object to a no. What falls silent goes to the office.
RETURN_DAYS = 14
RETURN_ANSWER_DAYS = 5
RETURN_SEND_DAYS = 14
RETURN_RECEIVE_DAYS = 14
RETURN_OBJECT_DAYS = 7
# Food that spoils within days is refunded without being sent back.
RETURN_PERISHABLES_STAY = True
# Money above these limits is moved by two persons; in a currency without a limit it always is.
FOUR_EYES_ABOVE = {"INR": 10_000, "BTN": 10_000, "USD": 120}
# No payout below these amounts, by currency; a group may ask for more. New account details count after some days.
PAYOUT_MINIMUM = {"INR": 100, "BTN": 100, "USD": 5, "THB": 50}
PAYOUT_DETAILS_DELAY_DAYS = 3
# Bank transfer is offered when holder, number and bank are set.
BANK_ACCOUNT_HOLDER = environment.text("BANK_ACCOUNT_HOLDER", "")
BANK_ACCOUNT_NUMBER = environment.text("BANK_ACCOUNT_NUMBER", "")
BANK_ACCOUNT_BANK = environment.text("BANK_ACCOUNT_BANK", "")
BANK_ACCOUNT_CODE = environment.text("BANK_ACCOUNT_CODE", "")
PAYMENT_PROVIDER = "payments.providers.stripe.StripeProvider"
STRIPE_API_KEY = environment.text("STRIPE_API_KEY", "")
STRIPE_API_BASE = environment.text("STRIPE_API_BASE", "https://api.stripe.com")
STRIPE_WEBHOOK_SECRETS = environment.words("STRIPE_WEBHOOK_SECRETS")
# Connected accounts have a webhook address of their own, with secrets of its own.
STRIPE_CONNECT_WEBHOOK_SECRETS = environment.words("STRIPE_CONNECT_WEBHOOK_SECRETS")
STRIPE_API_VERSION = "2026-10-28.endive"
STRIPE_LIVE_MODE = environment.flag("STRIPE_LIVE_MODE", default=False)
STRIPE_TIMEOUT_SECONDS = environment.whole_number("STRIPE_TIMEOUT_SECONDS", 15)
EVENT_MAX_TRIES = 8
# What is younger may still be under way, so that reconciliation does not call it a difference.
RECONCILE_QUIET_HOURS = environment.whole_number("RECONCILE_QUIET_HOURS", 48)

# Each request has an id: in its log lines, in a header of the answer, and on the pages that say that something went wrong.
DJANGO_GUID = {"GUID_HEADER_NAME": "X-Request-ID", "UUID_LENGTH": 12, "EXPOSE_HEADER": False}

# Oscar
OSCAR_SHOP_NAME = SITE_NAME
OSCAR_DEFAULT_CURRENCY = CHARGE_CURRENCY
OSCAR_HOMEPAGE = "/"
OSCAR_DELETE_IMAGE_FILES = False
OSCAR_MAX_BASKET_QUANTITY_THRESHOLD = 500
OSCAR_REQUIRED_ADDRESS_FIELDS = ("first_name", "line1", "country")
OSCAR_HIDDEN_FEATURES = ["reviews", "wishlists"]
HAYSTACK_CONNECTIONS: dict[str, dict[str, Any]] = {"default": {}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "marketplace.lib.logs.KeysFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "filters": {
        "request": {"()": "django_guid.log_filters.CorrelationId", "correlation_id_field": "request_id"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["request"]}},
    # It would tell of each request that it has an id.
    "loggers": {"django_guid": {"level": "ERROR"}},
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", "INFO")},
}
