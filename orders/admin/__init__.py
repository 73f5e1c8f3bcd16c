"""Django admin of orders: sales to read, rates to keep."""

from orders.admin.rates import CommissionRuleAdmin, TaxRateAdmin
from orders.admin.sales import OrderAdmin, VendorOrderAdmin

__all__ = ["CommissionRuleAdmin", "OrderAdmin", "TaxRateAdmin", "VendorOrderAdmin"]
