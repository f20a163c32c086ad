"""A trained network as one page of HTML: its weights, a pad to draw on, and prediction in plain JavaScript.

    page.write(network, notes, "digits.html")

The page needs no server, no network and no library, and says so to the browser: its content security policy
forbids every request.
"""

from glassnet.page.page import html, write

__all__ = ["html", "write"]
