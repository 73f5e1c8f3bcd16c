"""Rules of notices as pure functions: hours, lengths of SMS, texts with placeholders."""
