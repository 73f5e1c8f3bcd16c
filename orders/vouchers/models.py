"""Vouchers: a code and the one offer that it gives. Their days, limits and payer are the offer's."""

from oscar.apps.voucher.models import *  # noqa: F403 - Oscar's models as they are
