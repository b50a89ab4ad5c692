"""The format of trials: CSV, one line a recording in its role.

draw    0, 1, ...: independent choices of references
signer  the identity claimed
role    reference, or the kind of the questioned recording: genuine, skilled, random
file    of the recording, as the corpus names it

The references of a draw and signer come before the questioned recordings, so that each of these
can be scored as soon as it is read.
"""

from sigtdnn.corpus.identity import Kind

REFERENCE = "reference"
ROLES = (REFERENCE, Kind.GENUINE, Kind.SKILLED, Kind.RANDOM)
COLUMNS = ("draw", "signer", "role", "file")
