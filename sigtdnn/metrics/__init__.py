"""Metrics: arrays of scores in, numbers out.

Conventions
-----------
`genuine` (n,) and `impostor` (m,) are scores. An impostor's signature is a skilled forgery, or a
random one: another person's own signature, which imitates nobody. Higher means more genuine, and
a signature is accepted when its score is >= the threshold. Thresholds are the distinct scores, so
that tied scores move together. Rates are fractions, costs in bits; NaN means that a figure cannot
be computed.

`operating_points` states how trials are counted, each other module what it measures. Every
function here works alone:

>>> from sigtdnn.metrics import eer, ga_at_fr
>>> eer([2.0, 3.0, 4.0, 5.0], [1.0, 2.0, 2.0, 3.0])
0.25
>>> ga_at_fr([2.5, 3.0, 4.0, 6.0], [0.0, 1.0, 2.0, 3.0, 5.0], fr=0.8)
0.5
"""

from sigtdnn.metrics.bootstrap import bootstrap_interval, interval, signer_weights
from sigtdnn.metrics.likelihood import cllr, min_cllr
from sigtdnn.metrics.operating_points import OperatingPoints, operating_points
from sigtdnn.metrics.rates import eer, ga_at_fr, min_dcf
from sigtdnn.metrics.reliability import Reliability, reliability

__all__ = [
    "OperatingPoints",
    "Reliability",
    "bootstrap_interval",
    "cllr",
    "eer",
    "ga_at_fr",
    "interval",
    "min_cllr",
    "min_dcf",
    "operating_points",
    "reliability",
    "signer_weights",
]
