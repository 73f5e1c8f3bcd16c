"""Settings: base reads the environment; development, test and production are thin overlays."""
