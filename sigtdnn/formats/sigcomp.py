"""What the two SigComp formats share: Wacom tablets, 200 samples a second without time stamps.

The pen is followed in the air, y grows upward, and full pressure is 1024, the range of the
tablet family.
"""

RATE = 200.0
FULL_PRESSURE = 1024
