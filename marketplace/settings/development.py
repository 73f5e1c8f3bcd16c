"""Settings for one machine: keys that are no secrets, mail and SMS into files, the Stripe simulator."""

from marketplace.lib import environment
from marketplace.settings.base import *  # noqa: F403
from marketplace.settings.base import CONTENT_SECURITY_POLICY, INSTALLED_APPS

SECRET_KEY = environment.text("SECRET_KEY", "development-only-not-a-secret-0123456789-abcdefghijklmnop")
DEBUG = environment.flag("DEBUG", default=False)
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", ["*"])

STRIPE_API_KEY = environment.text("STRIPE_API_KEY", "sk_test_simulator")
STRIPE_API_BASE = environment.text(
    "STRIPE_API_BASE", f"http://127.0.0.1:{environment.whole_number('SIMULATOR_PORT', 8001)}"
)
STRIPE_WEBHOOK_SECRETS = environment.words("STRIPE_WEBHOOK_SECRETS", ["whsec_simulator"])
STRIPE_CONNECT_WEBHOOK_SECRETS = environment.words("STRIPE_CONNECT_WEBHOOK_SECRETS", ["whsec_simulator"])
STRIPE_LIVE_MODE = False

# Whoever works at night sees the messages at once.
NOTICE_QUIET_HOURS = environment.hours("NOTICE_QUIET_HOURS", "")

# An account that does not exist.
SITE_CONTACT_EMAIL = environment.text("SITE_CONTACT_EMAIL", "office@example.org")
SITE_CONTACT_PHONE = environment.text("SITE_CONTACT_PHONE", "+975 2 000 000")
BANK_ACCOUNT_HOLDER = environment.text("BANK_ACCOUNT_HOLDER", "Example programme office")
BANK_ACCOUNT_NUMBER = environment.text("BANK_ACCOUNT_NUMBER", "100000000001")
BANK_ACCOUNT_BANK = environment.text("BANK_ACCOUNT_BANK", "Example Bank, Thimphu")
BANK_ACCOUNT_CODE = environment.text("BANK_ACCOUNT_CODE", "EXAMBTBT")

# The simulator's payment page stands on another port of this machine.
CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(STRIPE_API_BASE)

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = environment.flag("AUTORELOAD", default=False)
STYLE_PAGE = environment.flag("STYLE_PAGE", default=True)
SERVE_MEDIA = environment.flag("SERVE_MEDIA", default=True)
# Example rows and published passwords: production has neither.
INSTALLED_APPS = [*INSTALLED_APPS, "marketplace.demo.apps.DemoConfig"]
