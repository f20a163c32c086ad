"""The studio in a notebook's cell: watch a run of your own while it trains, stop it, change it, rewind it."""

from glassnet.notebook.liveview import LiveView

__all__ = ["LiveView"]
