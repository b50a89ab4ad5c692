"""The public data sets, known by the names of their files.

SVC2004     U<user>S<n>.TXT and USER<user>_<n>.txt: n 1-10 and 11-20 are genuine, of two
            sessions, 21-40 forged. Users of Task 1 and Task 2 are different people: Task 1 has
            no pressure.
SUSIG       <id>_1_<n>.sig and <id>_2_<n>.sig are genuine, of two sessions (the second counts
            on from 11), <id>_f_<n>.sig forged; the validation group has ids of its own.
SigComp2009 NFI-<writer><n><signer>.hwr: genuine when both agree. The order of n is undocumented.
SigComp2011 <signer>_<n>.hwr is genuine, <signer>_<forger>_<n>.hwr forged; the order of n, too, is
            undocumented.

SVC2004 and SUSIG do not say who forged: the writer stays ''.
"""

import re
from pathlib import Path

from sigtdnn.corpus.identity import Collection, Identity, Kind, global_name
from sigtdnn.signature import Signature

COLLECTIONS = {
    collection.name: collection
    for collection in (
        Collection("svc2004-task1", sessions=True, ordered=True),
        Collection("svc2004-task2", sessions=True, ordered=True),
        Collection("svc2004-sample", sessions=True, ordered=True),
        Collection("susig-visual", sessions=True, ordered=True),
        Collection("sigcomp2009-nfi", sessions=False, ordered=False),
        Collection("sigcomp2011-dutch", sessions=False, ordered=False),
    )
}

_SVC_TASK = re.compile(r"u(\d+)s(\d+)\.txt", re.IGNORECASE)
_SVC_SAMPLE = re.compile(r"user(\d+)_(\d+)\.txt", re.IGNORECASE)
_SUSIG = re.compile(r"(\d{3})_([12f])_(\d+)\.sig", re.IGNORECASE)
_NFI = re.compile(r"nfi-(\d{3})(\d{2})(\d{3})\.hwr", re.IGNORECASE)
_DUTCH = re.compile(r"(\d{3})(?:_(\d{3}))?_(\d{2})\.hwr", re.IGNORECASE)
_LAYOUTS = (_SVC_TASK, _SVC_SAMPLE, _SUSIG, _NFI, _DUTCH)
_ENDINGS = frozenset({".hwr", ".sig", ".svc"})

SVC_SESSION = 10
SVC_GENUINE = 20
SUSIG_SESSION = 10


def is_stroke_name(path: Path) -> bool:
    """Whether the name alone says that a file holds strokes."""
    known = any(layout.fullmatch(path.name) for layout in _LAYOUTS)
    return known or path.suffix.lower() in _ENDINGS


def known_identity(path: Path, signature: Signature) -> Identity | None:
    """The identity that a public set gives to a file by its name, or None."""
    name = path.name
    if found := _SVC_TASK.fullmatch(name):
        task = "svc2004-task1" if signature.pressure is None else "svc2004-task2"
        return _svc2004(task, found[1], int(found[2]))
    if found := _SVC_SAMPLE.fullmatch(name):
        return _svc2004("svc2004-sample", found[1], int(found[2]))
    if found := _SUSIG.fullmatch(name):
        return _susig(found[1], found[2].lower(), int(found[3]))
    if found := _NFI.fullmatch(name):
        return _sigcomp("sigcomp2009-nfi", found[3], found[1], int(found[2]))
    if found := _DUTCH.fullmatch(name):
        return _sigcomp("sigcomp2011-dutch", found[1], found[2] or found[1], int(found[3]))
    return None


def _svc2004(collection: str, user: str, number: int) -> Identity:
    signer = global_name(collection, user)
    if number > SVC_GENUINE:
        return Identity(collection, signer, kind=Kind.SKILLED, number=number)
    session = 1 if number <= SVC_SESSION else 2
    return Identity(collection, signer, signer, Kind.GENUINE, session, number)


def _susig(person: str, session: str, number: int) -> Identity:
    signer = global_name("susig-visual", person)
    if session == "f":
        return Identity("susig-visual", signer, kind=Kind.SKILLED, number=number)
    order = number + SUSIG_SESSION * (int(session) - 1)
    return Identity("susig-visual", signer, signer, Kind.GENUINE, int(session), order)


def _sigcomp(collection: str, signer: str, writer: str, number: int) -> Identity:
    return Identity(
        collection,
        global_name(collection, signer),
        global_name(collection, writer),
        Kind.GENUINE if signer == writer else Kind.SKILLED,
        number=number,
    )
