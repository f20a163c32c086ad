"""A network to and from a file."""

from glassnet.files.model import SHIPPED, load, read, save, shipped
from glassnet.nn.network import Network

Network.writer = save

__all__ = ["SHIPPED", "load", "read", "save", "shipped"]
