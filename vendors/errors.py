"""What can go wrong with a group's stock."""

from collections.abc import Sequence


class InsufficientStock(Exception):
    """Not enough units; stock_record_ids names every short record."""

    def __init__(self, stock_record_ids: Sequence[int]) -> None:
        super().__init__(f"not enough units of stock records {list(stock_record_ids)}")
        self.stock_record_ids = list(stock_record_ids)


class ReasonMissing(Exception):
    """Somebody would be told "no" without being told why."""

    def __init__(self) -> None:
        super().__init__("a decision against somebody needs a reason")


class LastChair(Exception):
    """The group would be left without a chair."""

    def __init__(self) -> None:
        super().__init__("a group keeps at least one chair")
