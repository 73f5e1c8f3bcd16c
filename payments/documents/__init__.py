"""Papers that people keep: invoices, receipts, statements. They read, and write nothing."""
