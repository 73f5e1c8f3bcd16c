"""Notices: messages to people by e-mail and SMS, as queued rows."""
