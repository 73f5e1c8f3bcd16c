"""Account: sign-in and a shopper's own orders."""
