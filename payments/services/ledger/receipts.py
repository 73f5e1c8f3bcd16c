"""Credits on our bank account, and what groups owe the programme."""

from payments.models import BankReceipt, WriteOff
from payments.services.ledger import posting
from payments.services.ledger.posting import Account, Amount


def post_receipt(receipt: BankReceipt) -> None:
    """A credit on our bank account; whose it is, is not decided yet."""
    posting.move(
        receipt,
        "received",
        amount=receipt.amount,
        currency=receipt.currency,
        debit=Account.BANK,
        credit=Account.CUSTOMER_UNAPPLIED,
    )


def post_receipt_returned(receipt: BankReceipt) -> None:
    """A credit on our bank account was sent back to its payer."""
    posting.move(
        receipt,
        "sent_back",
        amount=receipt.amount,
        currency=receipt.currency,
        debit=Account.CUSTOMER_UNAPPLIED,
        credit=Account.BANK,
    )


def post_debt_paid(receipt: BankReceipt) -> None:
    """A group paid what it owes the programme with a credit on our bank account."""
    posting.post_event(
        receipt,
        "debt_paid",
        receipt.currency,
        [
            Amount(Account.CUSTOMER_UNAPPLIED, receipt.amount),
            Amount(Account.VENDOR_PAYABLE, -receipt.amount, receipt.vendor),
        ],
    )


def post_receipt_mistaken(receipt: BankReceipt) -> None:
    """There was no such credit, or it was nobody's: the opposite of what entering and matching it posted."""
    account = Account.VENDOR_PAYABLE if receipt.vendor else Account.CUSTOMER_UNAPPLIED
    amounts = [Amount(account, receipt.amount, receipt.vendor), Amount(Account.BANK, -receipt.amount)]
    posting.post_event(receipt, "entered_in_error", receipt.currency, amounts)


def post_debt_written_off(write_off: WriteOff) -> None:
    """What a group owes is borne by the programme."""
    posting.post_event(
        write_off,
        "written_off",
        write_off.currency,
        [
            Amount(Account.PROGRAMME_LOSS, write_off.amount),
            Amount(Account.VENDOR_PAYABLE, -write_off.amount, write_off.vendor),
        ],
    )
