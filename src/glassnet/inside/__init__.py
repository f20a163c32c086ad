"""Looking inside a network: the chain rule with its numbers, evidence for an answer, a unit's favourite."""

from glassnet.inside.evidence import Evidence, evidence
from glassnet.inside.explanation import Batch, Doc, Explanation, Factor, Line, Rest, Sample, Section, Term
from glassnet.inside.favourite import Favourite, favourite
from glassnet.inside.look import Inside, explain
from glassnet.inside.moment import Moment, Twin

__all__ = [
    "Batch", "Doc", "Evidence", "Explanation", "Factor", "Favourite", "Inside", "Line", "Moment", "Rest",
    "Sample", "Section", "Term", "Twin", "evidence", "explain", "favourite",
]  # fmt: skip
