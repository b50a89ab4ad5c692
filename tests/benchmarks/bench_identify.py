"""What identification by the elastic matcher costs, beside what a user would pick instead.

    PYTHONPATH=. python tests/benchmarks/bench_identify.py

The model is the one that ships, the signers are invented: the same loops less some noise, as the
times do not depend on who wrote them. The other side is an exact DTW by dtaidistance (C, one
thread, six functions of time at the rate of the tablet, given ready; of the extra `test`) on the
references of one signer, for all in proportion. Times are of the processor, so that a busy machine
does not spoil them; `first` unpacks every template, the rest are medians, taken in turns.
"""

import argparse
from dataclasses import replace
from time import process_time

import numpy as np
from bench_verify import FUNCTIONS, REFERENCES, in_turns, signature
from dtaidistance import dtw_ndim

from sigtdnn import SignerRecord, Verifier
from sigtdnn.matching.elastic.reference import Reference
from sigtdnn.matching.packing import pack, unpack

POINTS = 560  # at 200 a second, the median of NFI


def invented(verifier: Verifier, signers: int) -> dict[str, SignerRecord]:
    """Records of so many signers by name, no two of them with the same references."""
    model, rng = verifier.model, np.random.default_rng(0)
    signed = model.represent([signature(n, POINTS) for n in range(REFERENCES)])
    template = model.matcher.enroll(signed)
    known = {}
    for n in range(signers):
        noisy = [
            Reference.of(functions + rng.normal(scale=0.2, size=functions.shape))
            for functions in signed
        ]
        packed = pack(model.matcher, replace(template, references=tuple(noisy)), model.id)
        known[f"signer {n}"] = SignerRecord.imported(packed)
    return known


def main() -> None:
    """Prints all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--signers", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    verifier = Verifier.default()
    matcher = verifier.model.matcher
    known, questioned = invented(verifier, options.signers), signature(9, POINTS)
    functions = np.random.default_rng(1).normal(size=(REFERENCES + 1, POINTS, FUNCTIONS))
    start = process_time()
    verifier.identify(questioned, known)
    first = process_time() - start
    packed = [record.template for record in known.values() if record.template]
    templates = [unpack(matcher, data, verifier.model.id) for data in packed]
    (representation,) = verifier.model.represent([questioned])

    def look() -> None:
        matcher.shortlist(templates, representation, 1)

    def dtw() -> None:
        for reference in functions[1:]:
            dtw_ndim.distance_fast(functions[0], reference)

    look()  # shrinks the references
    then, quick, peer = in_turns(
        [lambda: verifier.identify(questioned, known), look, dtw], options.repeats, process_time
    )
    print(
        f"among {len(known)} signers: first {first:.2f} s, then {then:.2f} s, of it a quick look "
        f"{quick:.3f} s; DTW on {REFERENCES} references of each {peer * len(known):.1f} s, "
        f"{peer * len(known) / then:.1f} x"
    )


if __name__ == "__main__":
    main()
