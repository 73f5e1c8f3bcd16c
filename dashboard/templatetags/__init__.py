"""Template tags of the front page of the staff."""
