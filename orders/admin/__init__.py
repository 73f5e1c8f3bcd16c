"""Django admin of orders: sales to read, rates to keep, returns and reviews to decide."""

from orders.admin.addresses import CountryAdmin
from orders.admin.offers import OfferAdmin
from orders.admin.rates import CommissionRuleAdmin, TaxRateAdmin
from orders.admin.returns import ReturnAdmin
from orders.admin.reviews import ReviewAdmin, ReviewAnswerAdmin
from orders.admin.sales import OrderAdmin, VendorOrderAdmin

__all__ = [
    "CommissionRuleAdmin",
    "CountryAdmin",
    "OfferAdmin",
    "OrderAdmin",
    "ReturnAdmin",
    "ReviewAdmin",
    "ReviewAnswerAdmin",
    "TaxRateAdmin",
    "VendorOrderAdmin",
]
