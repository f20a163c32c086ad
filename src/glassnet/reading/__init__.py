"""What a network reads in a drawing, and when it names nothing."""

from glassnet.reading.reader import Reader, Reading

__all__ = ["Reader", "Reading"]
