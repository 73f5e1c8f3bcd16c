"""Vouchers: a code and the one offer that it gives. Their days, limits and payer are the offer's."""

from oscar.apps.voucher.abstract_models import AbstractVoucher


class Voucher(AbstractVoucher):
    """Oscar's voucher as it is; what it counts itself is not used."""


from oscar.apps.voucher.models import *  # noqa: E402, F403 - Oscar: a fork's own models come first
