"""Shapes that signatures are made of: cursive letters, capitals, plain strokes, flourishes.

A shape is a sequence of steps, written in the tables below as `x,y,bend`, with `^` before a
step in the air. x and y are its target in units of the height of a small letter, x from where
the shape begins and y from the line; the bend is the turn of the step in degrees,
counterclockwise. A shape begins at (0, 0), where the one before it ended, or, if its first
step is in the air, wherever the pen was.

They are nobody's handwriting: a few strokes each, which every signer bends to their own hand
(`signer.py`).
"""

from typing import NamedTuple


class Step(NamedTuple):
    """One step of a shape; see the module for units."""

    x: float
    y: float
    bend: float
    pen: bool = True


Shape = tuple[Step, ...]


def _shapes(table: str) -> tuple[Shape, ...]:
    """The shapes of a table, one a line after its name."""
    return tuple(tuple(map(_step, line.split()[1:])) for line in table.strip().splitlines())


def _step(text: str) -> Step:
    x, y, bend = (float(value) for value in text.lstrip("^").split(","))
    return Step(x, y, bend, not text.startswith("^"))


# i without its dot, t without its bar.
SMALL = _shapes("""
a  0.85,0.9,20  0.25,0.1,150  0.9,0.85,40  0.95,0.1,20  1.3,0.15,70
b  0.5,2,30  0.3,0.1,50  0.85,0.8,120  1.2,0.8,50
c  0.7,0.85,20  0.2,0.3,120  0.9,0.15,110
d  0.75,0.9,20  0.25,0.1,150  1,2,30  0.95,0.1,10  1.3,0.15,70
e  0.55,0.95,50  0.2,0.3,150  0.85,0.1,110
g  0.8,0.9,20  0.25,0.1,150  0.85,0.85,40  0.5,-1.3,-30  1.2,0.1,-90
h  0.5,2,40  0.25,0,40  0.7,0.9,-50  0.85,0.1,-40  1.2,0.15,80
i  0.35,1,20  0.4,0.1,20  0.75,0.15,80
l  0.55,2,50  0.3,0.15,90  0.8,0.1,90
m  0.3,0.95,-30  0.35,0,-20  0.75,0.95,-60  0.8,0,-20  1.2,0.95,-60  1.3,0.1,-20  1.6,0.15,80
n  0.3,0.95,-30  0.35,0,-20  0.8,0.95,-60  0.9,0.1,-20  1.2,0.15,80
o  0.6,0.95,20  0.3,0.05,150  0.7,0.9,150  1.1,0.8,60
p  0.3,1,10  0.2,-1.2,10  0.5,0.9,-40  0.5,0.05,-150  1,0.2,70
r  0.3,1.05,10  0.65,0.8,40  0.7,0.1,-20  1,0.15,80
s  0.5,1.05,10  0.35,0.05,-140  0.85,0.1,60
t  0.4,1.7,10  0.4,0.1,10  0.8,0.15,80
u  0.3,1,20  0.65,0.95,150  0.75,0.1,10  1.1,0.15,80
v  0.25,0.95,-30  0.5,0,0  0.85,0.9,30  1.15,0.8,70
y  0.3,1,20  0.7,0.95,150  0.4,-1.4,-30  1.1,0.1,-100
z  0.65,0.95,-40  0.15,0.05,10  0.8,0.05,40
""")

CAPITALS = _shapes("""
A  ^0,0,0  0.9,2.5,-15  1.5,0,-10  0.4,0.9,-60  1.7,0.9,20
B  ^0.2,2.3,0  0.2,0,5  0.2,2.3,-10  0.5,1.3,-200  0.4,0,-190
C  ^1.4,2.1,0  0.4,0.6,130  1.6,0.3,110
D  ^0.3,2.3,0  0.3,0,10  0.1,2.2,40  1.4,1.2,-100  0.2,0,-100
E  ^1.3,2.2,0  0.7,1.3,170  0.5,0.2,150  1.5,0.3,90
F  ^0.5,2.2,0  0.4,0,5  ^0.2,2.3,10  1.6,2.4,15  ^0.4,1.2,10  1.2,1.25,5
G  ^1.4,2.1,0  0.4,0.5,150  1.4,0.9,130  1.3,-0.9,-30  0.5,-0.5,-140
H  ^0.3,2.3,0  0.2,0,5  ^1.4,2.3,10  1.3,0,5  ^0.2,1.1,20  1.5,1.2,5
J  ^0.3,2.2,0  1.4,2.3,-40  0.9,-0.8,-20  0.1,-0.3,-140  1.5,0.5,-70
K  ^0.3,2.3,0  0.2,0,5  ^1.3,2.2,10  0.3,1.1,20  1.5,0,30
L  ^0.6,2.3,0  0.3,0.2,60  0.1,0.2,-200  1.5,0.1,40
M  ^0,0,0  0.5,2.3,-10  1,0.4,5  1.6,2.3,5  1.9,0,-10
P  ^0.3,0,0  0.4,2.3,-5  0.4,1,-230
R  ^0.3,2.3,0  0.2,0,5  0.3,2.3,-10  0.5,1.1,-220  1.5,0,30
S  ^1.2,2.1,0  0.6,1.2,190  0.2,0.2,-200  -0.2,0.6,-60
T  ^0,2.2,0  1.6,2.4,20  ^0.9,2.3,10  0.7,0,15
V  ^0,2.3,0  0.6,0,5  1.4,2.5,10
W  ^0,2.3,0  0.5,0,5  0.9,1.8,5  1.4,0,5  1.9,2.4,15
Z  ^0.1,2.2,0  1.3,2.3,-20  0.1,0,10  1.6,0.1,30
""")

# Strokes of a brush-like script, each in a box of 1 x 1 and written from the air.
PLAIN = _shapes("""
dash   ^0,0.5,0  1,0.55,5
down   ^0.5,1,0  0.5,0,3
left   ^0.6,1,0  0,0,-25
right  ^0.3,0.9,0  1,0,25
dot    ^0.4,1,0  0.6,0.7,0
angle  ^0.1,0.9,0  0.9,0.9,0  0.9,0,5
hook   ^0.5,1,0  0.5,0.1,0  0.25,0.25,20
turn   ^0.1,0.8,0  0.7,0.9,0  0,0,-20
bend   ^0.3,1,0  0.3,0.1,0  1,0.2,60
""")

# What follows the name, x in units of its length.
FLOURISHES = _shapes("""
back-forth  0.1,-0.9,-150  0.9,-1.2,60
underline   ^0,-0.9,30  1,-0.7,15
loop        1.15,1.8,120  0.35,0.6,100  1.2,-0.2,60
zigzag      0.4,-0.8,-120  0.9,-1,120  0.5,-1.6,-120  1,-1.8,90
swing       1.4,1.5,60
curl        0.8,-1.6,-60  0.55,-1,-160  1.3,-0.3,-60
""")
