"""Ways out for messages: mail into files, SMS into memory, files or a gateway."""
