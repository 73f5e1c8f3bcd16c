"""What is held about a person: handed out as a file, and erased when the account is closed."""
