"""A network to and from a file."""

from glassnet.files.model import load, read, save
from glassnet.nn.network import Network

Network.writer = save

__all__ = ["load", "read", "save"]
