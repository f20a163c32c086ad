"""The second generator of drawings, written without sight of the network and of the first generator."""

from drawings.second_digits import WRITERS, digit
from drawings.second_letters import LETTERS, letter
from drawings.second_nondigits import KINDS, nondigit

__all__ = ["KINDS", "LETTERS", "WRITERS", "digit", "letter", "nondigit"]
