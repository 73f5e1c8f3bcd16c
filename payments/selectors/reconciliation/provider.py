"""Our rows and ledger compared with what the provider says moved its balance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import accumulate

from payments.selectors.reconciliation.findings import Area, Finding, asked

ZERO = Decimal("0.00")
# What each of our rows should have moved, and what movements about it did; those younger than the quiet time are left.
_OURS = """
    WITH moved AS (
        SELECT source_id, currency, sum(amount) AS amount FROM payments_balancetransaction
        WHERE provider = %(provider)s AND source_id <> '' GROUP BY source_id, currency
    ), ours AS (
        SELECT 'attempt' AS thing, a.id, a.charge_id AS number, a.amount_received AS amount, a.settled_at AS at,
            CASE WHEN a.state = 'surplus' THEN coalesce((
                SELECT r.currency FROM payments_refund r WHERE r.attempt_id = a.id ORDER BY r.id LIMIT 1
            ), a.currency) ELSE a.currency END AS currency
        FROM payments_paymentattempt a
        WHERE a.provider = %(provider)s AND a.state IN ('succeeded', 'surplus') AND a.amount_received > 0
        UNION ALL
        SELECT 'refund', r.id, r.provider_id, CASE WHEN r.state = 'failed' THEN 0 ELSE -r.amount END,
            coalesce(r.asked_at, r.created_at), r.currency
        FROM payments_refund r
        JOIN payments_paymentattempt a ON a.id = r.attempt_id AND a.provider = %(provider)s
        WHERE r.provider_id <> '' AND r.state IN ('succeeded', 'failed')
        UNION ALL
        SELECT 'transfer', t.id, t.provider_id, -t.amount, coalesce(t.asked_at, t.created_at), t.currency
        FROM payments_transfer t WHERE t.state = 'succeeded'
        UNION ALL
        SELECT 'reversal', x.id, x.provider_id, x.amount, coalesce(x.asked_at, x.created_at), t.currency
        FROM payments_transferreversal x JOIN payments_transfer t ON t.id = x.transfer_id
        WHERE x.state = 'succeeded'
        UNION ALL
        SELECT 'dispute', d.id, d.provider_id, CASE WHEN d.state = 'won' THEN 0 ELSE -d.amount END,
            coalesce(d.closed_at, d.opened_at), d.currency
        FROM payments_dispute d
    )
    SELECT o.thing, o.id, o.number, o.currency, o.amount, coalesce(m.amount, 0.00)
    FROM ours o LEFT JOIN moved m ON m.source_id = o.number AND m.currency = o.currency
    WHERE o.at < %(quiet_since)s AND o.amount <> coalesce(m.amount, 0)
"""
_NOT_OURS = """
    SELECT remote_id, kind, source_id, currency, net, state FROM payments_balancetransaction
    WHERE provider = %(provider)s AND (state = 'unknown' OR (state = 'waiting' AND created_at < %(quiet_since)s))
"""
# Movements that wait, and transfers whose movement is not known yet, are named one by one.
_TOTALS = """
    WITH told AS (
        SELECT currency, net AS expected, 0.00 AS found FROM payments_balancetransaction
        WHERE provider = %(provider)s AND state = 'posted'
        UNION ALL
        SELECT t.currency, -t.amount, 0 FROM payments_transfer t
        LEFT JOIN payments_balancetransaction b ON b.source_id = t.provider_id AND b.state = 'posted'
        WHERE t.state = 'succeeded' AND b.id IS NULL
        UNION ALL
        SELECT t.currency, x.amount, 0 FROM payments_transferreversal x
        JOIN payments_transfer t ON t.id = x.transfer_id
        LEFT JOIN payments_balancetransaction b ON b.source_id = x.provider_id AND b.state = 'posted'
        WHERE x.state = 'succeeded' AND b.id IS NULL
        UNION ALL
        SELECT currency, 0, amount FROM payments_ledgerentry WHERE account = 'provider_balance'
    )
    SELECT currency, sum(expected), sum(found) FROM told GROUP BY currency HAVING sum(expected) <> sum(found)
"""
_HELD = """
    SELECT currency, sum(net), max(id) FROM payments_balancetransaction WHERE provider = %s GROUP BY currency
"""
_LATER = """
    SELECT currency, net FROM payments_balancetransaction WHERE provider = %s AND id > %s ORDER BY occurred_at, id
"""


@dataclass(frozen=True)
class Held:
    """What the movements that we keep of a provider add up to, by currency. newest: id of the last of them."""

    sums: Mapping[str, Decimal]
    newest: int


def held_balances(provider: str) -> Held:
    """The sums now; one question."""
    rows = list(asked(_HELD, [provider]))
    return Held(
        {currency: total for currency, total, _newest in rows}, max((row[2] for row in rows), default=0)
    )


def movements_since(provider: str, newest: int) -> list[tuple[str, Decimal]]:
    """Currency and amount of each movement that was kept after that one, oldest first; one question."""
    return [(currency, net) for currency, net in asked(_LATER, [provider, newest])]


def provider_findings(provider: str, quiet_since: datetime) -> Iterator[Finding]:
    """Rows without their movement, movements without a row, and a ledger that says another sum; three questions."""
    named = {"provider": provider, "quiet_since": quiet_since}
    for thing, pk, number, currency, expected, found in asked(_OURS, named):
        words = f"movements of the provider's balance about {number or 'it'} are not its amount"
        yield _finding(f"{thing}:{pk}", f"{thing} {pk}", currency, expected, found, words)
    for remote_id, kind, source_id, currency, net, state in asked(_NOT_OURS, named):
        words = f"{kind} about {source_id or 'nothing'} is {state}: it is not in the ledger"
        yield _finding(f"movement:{remote_id}", f"movement {remote_id}", currency, ZERO, net, words)
    for currency, expected, found in asked(_TOTALS, named):
        words = "the ledger's provider balance is not the sum of the movements posted"
        yield _finding(f"ledger:{currency}", "provider balance", currency, expected, found, words)


def balance_findings(
    reported: Mapping[str, Decimal], held: Mapping[str, Decimal], later: Sequence[tuple[str, Decimal]]
) -> Iterator[Finding]:
    """Currencies in which the provider reports a balance that our movements never added up to while it was asked.

    held: sums by currency before it was asked. later: currency and amount of what came since, oldest first.
    """
    for currency in sorted({*held, *reported}):
        expected, found = reported.get(currency, ZERO), held.get(currency, ZERO)
        moves = [net for code, net in later if code == currency]
        if expected not in accumulate(moves, initial=found):
            words = "the movements we keep are not the balance that the provider reports"
            yield _finding(f"balance:{currency}", "provider balance", currency, expected, found, words)


def _finding(
    name: str, subject: str, currency: str, expected: Decimal, found: Decimal, words: str
) -> Finding:
    return Finding(f"provider:{name}", Area.PROVIDER, subject, currency, expected, found, words)
