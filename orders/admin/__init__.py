"""Django admin of orders: sales to read, rates to keep, returns to decide."""

from orders.admin.rates import CommissionRuleAdmin, TaxRateAdmin
from orders.admin.returns import ReturnAdmin
from orders.admin.sales import OrderAdmin, VendorOrderAdmin

__all__ = ["CommissionRuleAdmin", "OrderAdmin", "ReturnAdmin", "TaxRateAdmin", "VendorOrderAdmin"]
