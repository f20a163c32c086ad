"""The hand-derived gradient against central differences: of a layer, a loss or a whole network, in float64.

    report = check_network(net, x, labels)
    assert report.ok, report

Derivation: docs/math/gradient_checking.md.
"""

from glassnet.nn.gradcheck.checkers import check_layer, check_loss, check_network
from glassnet.nn.gradcheck.report import Entry, Report, Row
from glassnet.nn.gradcheck.slopes import Slope, slope

__all__ = ["Entry", "Report", "Row", "Slope", "check_layer", "check_loss", "check_network", "slope"]
