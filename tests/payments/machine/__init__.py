"""Any order of sales, refunds, payouts, returns and disputes; and bugs sown to see that they are found."""
