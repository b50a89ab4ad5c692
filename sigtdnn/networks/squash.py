"""The squashing function of the group's networks, 1.7159 tanh(2u/3), for both backends.

The paper names none. This one, of LeCun's networks of the time, maps +-1 to +-1 and is
steepest between.
"""

AMPLITUDE = 1.7159
SLOPE = 2.0 / 3.0
