"""The public data sets, known by the names of their files.

SVC2004     U<user>S<n>.TXT and USER<user>_<n>.txt: n 1-10 and 11-20 are genuine, of two
            sessions, 21-40 forged. Users of Task 1 and Task 2 are different people: Task 1 has
            no pressure.
SUSIG       <id>_1_<n>.sig and <id>_2_<n>.sig are genuine, of two sessions (the second counts
            on from 11), <id>_f_<n>.sig forged; the validation group has ids of its own.
SigComp2009 NFI-<writer><n><signer>.hwr of the evaluation set, NISDCC-<writer>_<signer>_<n>.hwr of
            the training set: genuine when both agree. The order of n is undocumented.
SigComp2011 <signer>_<n>.hwr is genuine; <forger><signer>_<n>.hwr, with four and three digits, or
            <signer>_<forger>_<n>.hwr is forged. The order of n, too, is undocumented. Dutch or
            Chinese, the folders tell; else n from 01 and a small ending, or n from 1.
MCYT        as text: <signer>-g-<n> is genuine; <signer>-<n> may be either, and has no kind.
DeepSignDB  u<signer>_g_<rest>.txt is genuine, u<signer>_s_<rest>.txt forged. The numbers of
            signers start anew in Development and in Evaluation; some signed with the stylus and
            with the finger. So each of these folders is a collection.

SVC2004, SUSIG and DeepSignDB do not say who forged: the writer stays ''. A file packed by gzip has
the name of the file in it.
"""

import re
from pathlib import Path

from sigtdnn.corpus.identity import Collection, Identity, Kind, global_name
from sigtdnn.formats.layout import DEEPSIGNDB
from sigtdnn.signature import Signature

COLLECTIONS = {
    collection.name: collection
    for collection in (
        Collection("svc2004-task1", sessions=True, ordered=True),
        Collection("svc2004-task2", sessions=True, ordered=True),
        Collection("svc2004-sample", sessions=True, ordered=True),
        Collection("susig-visual", sessions=True, ordered=True),
        Collection("sigcomp2009-nfi", sessions=False, ordered=False),
        Collection("sigcomp2009-nisdcc", sessions=False, ordered=False),
        Collection("sigcomp2011-dutch", sessions=False, ordered=False),
        Collection("sigcomp2011-chinese", sessions=False, ordered=False),
        Collection("mcyt", sessions=False, ordered=False),
        Collection("deepsigndb", sessions=False, ordered=False),
        Collection("deepsigndb-development-stylus", sessions=False, ordered=False),
        Collection("deepsigndb-development-finger", sessions=False, ordered=False),
        Collection("deepsigndb-evaluation-stylus", sessions=False, ordered=False),
        Collection("deepsigndb-evaluation-finger", sessions=False, ordered=False),
    )
}

_SVC_TASK = re.compile(r"u(\d+)s(\d+)\.txt", re.IGNORECASE)
_SVC_SAMPLE = re.compile(r"user(\d+)_(\d+)\.txt", re.IGNORECASE)
_SUSIG = re.compile(r"(\d{3})_([12f])_(\d+)\.sig", re.IGNORECASE)
_NFI = re.compile(r"nfi-(\d{3})(\d{2})(\d{3})\.hwr", re.IGNORECASE)
_NISDCC = re.compile(r"nisdcc-(\d{3})_(\d{3})_(\d{3})(?:_6g)?\.hwr", re.IGNORECASE)
_SIGCOMP2011 = re.compile(r"(\d{4})?(\d{3})(?:_(\d{3}))?_(\d{1,2})\.hwr", re.IGNORECASE)
_MCYT = re.compile(r"(\d{3})(-g)?-(\d{2})\.(?:txt|tsv)", re.IGNORECASE)
_LAYOUTS = (_SVC_TASK, _SVC_SAMPLE, _SUSIG, _NFI, _NISDCC, _SIGCOMP2011, DEEPSIGNDB)
_ENDINGS = frozenset({".hwr", ".sig", ".svc"})
_PACKED = ".gz"

SVC_SESSION = 10
SVC_GENUINE = 20
SUSIG_SESSION = 10


def is_stroke_name(path: Path) -> bool:
    """Whether the name alone says that a file holds strokes."""
    path = _unpacked(path)
    known = any(layout.fullmatch(path.name) for layout in _LAYOUTS)
    return known or path.suffix.lower() in _ENDINGS


def known_identity(path: Path, signature: Signature) -> Identity | None:
    """The identity that a public set gives to a file by its name, or None."""
    path = _unpacked(path)
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
    if found := _NISDCC.fullmatch(name):
        return _sigcomp("sigcomp2009-nisdcc", found[2], found[1], int(found[3]))
    if found := _SIGCOMP2011.fullmatch(name):
        writer = found[1] or found[3] or found[2]
        return _sigcomp(_sigcomp2011(path, found[4]), found[2], writer, int(found[4]))
    if found := _MCYT.fullmatch(name):
        return _mcyt(found[1], bool(found[2]), int(found[3]))
    if found := DEEPSIGNDB.fullmatch(name):
        return _deepsigndb(path, found[1], found[2].lower())
    return None


def _unpacked(path: Path) -> Path:
    return path.with_suffix("") if path.suffix.lower() == _PACKED else path


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


def _sigcomp2011(path: Path, number: str) -> str:
    folders = "/".join(path.parts[:-1]).lower()
    for nation in ("dutch", "chinese"):
        if nation in folders:
            return f"sigcomp2011-{nation}"
    padded = number.startswith("0") or (len(number) > 1 and path.suffix.islower())
    return f"sigcomp2011-{'dutch' if padded else 'chinese'}"


def _mcyt(person: str, genuine: bool, number: int) -> Identity:
    signer = global_name("mcyt", person)
    if genuine:
        return Identity("mcyt", signer, signer, Kind.GENUINE, number=number)
    return Identity("mcyt", signer, number=number)


def _deepsigndb(path: Path, person: str, kind: str) -> Identity:
    folders = [part.lower() for part in path.parts[-3:-1]]
    collection = "-".join(["deepsigndb", *folders])
    if collection not in COLLECTIONS:
        collection = "deepsigndb"
    signer = global_name(collection, person)
    if kind == "g":
        return Identity(collection, signer, signer, Kind.GENUINE)
    return Identity(collection, signer, kind=Kind.SKILLED)
