"""A server that speaks the part of Stripe's interface we use, for development and tests; it moves no money."""
