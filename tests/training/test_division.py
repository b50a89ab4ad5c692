import numpy as np
import pandas as pd

from sigtdnn.training.division import Division, divide


def table(*rows):
    return pd.DataFrame(rows, columns=["signer", "writer", "kind"])


RECORDINGS = table(
    ("t", "t", "genuine"),  # 0  signed by a test signer
    ("t", "f", "skilled"),  # 1  a forgery of a test signer
    ("v", "v", "genuine"),  # 2
    ("v", "f", "skilled"),  # 3  by a forger of the test signer
    ("v", "g", "skilled"),  # 4
    ("a", "a", "genuine"),  # 5
    ("a", "f", "skilled"),  # 6  by a forger of the test signer
    ("a", "g", "skilled"),  # 7  by a forger of the validation signer: may be trained on
    ("a", "h", "skilled"),  # 8
    ("a", "t", "skilled"),  # 9  written by a test signer
    ("a", "v", "skilled"),  # 10 written by a validation signer
    ("", "", ""),  # 11 unknown
    ("a", "a", ""),  # 12 of unknown kind
)


def test_nothing_that_touches_a_test_or_validation_signer_is_trained_on():
    division = divide(RECORDINGS, test={"t"}, validation={"v"})
    assert division.training.tolist() == [5, 7, 8]
    assert division.validation.tolist() == [2, 4]


def test_without_test_signers_the_rest_is_free():
    division = divide(RECORDINGS, test=(), validation={"v"})
    assert division.validation.tolist() == [2, 3, 4]
    assert division.training.tolist() == [0, 1, 5, 6, 7, 8, 9]


def test_a_division_holds_rows_of_the_corpus(make_corpus):
    corpus = make_corpus(signers=8)
    signers = sorted(set(corpus.recordings["signer"]))
    division = divide(corpus.recordings, test=(), validation=signers[-3:])
    assert isinstance(division, Division)
    rows = np.concatenate([division.training, division.validation])
    assert np.array_equal(np.sort(rows), np.arange(len(corpus)))
