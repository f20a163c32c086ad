"""The studio: a run that one watches, stops, changes and rewinds, and the server that shows it."""
