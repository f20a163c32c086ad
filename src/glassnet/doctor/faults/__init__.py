"""Mistakes that can be tried in place of a right step."""
