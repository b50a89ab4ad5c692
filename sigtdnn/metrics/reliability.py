"""Reliability curve: whether a calibrated score means what it says.

Of the trials that were scored around 0.7, seven in ten should be genuine, if genuines and
skilled forgeries are equally likely beforehand. The tested trials seldom are half and half,
so each kind is weighed to one half. Scores fall into bins of equal width, 0 to 1.

bin     number, from 0
score   mean of the trials' scores, weighed
share   of genuines among the trials, weighed
low     } 95 % interval of the share, by Wilson's formula on as many trials as the weighed
high    } ones are worth; trials of one signer count as independent, which they are not
trials  how many, all draws together
"""

import numpy as np
import pandas as pd

BINS = 10
Z = 1.96  # of a normal density, beyond which 2.5 % lie on either side


def reliability(scores: pd.DataFrame) -> pd.DataFrame | None:
    """The bins that hold trials, from one system's scores table; see the module.

    None when the system has no calibrated score, or either kind no trials.
    """
    own = scores[scores["kind"].isin(["genuine", "skilled"]) & scores["score"].notna()]
    genuine = (own["kind"] == "genuine").to_numpy()
    if not genuine.any() or genuine.all():
        return None
    weight = np.where(genuine, 0.5 / genuine.sum(), 0.5 / (~genuine).sum())
    score = own["score"].to_numpy(np.float64)
    number = np.minimum((score * BINS).astype(np.intp), BINS - 1)
    sums = pd.DataFrame(
        {
            "weight": weight,
            "squares": weight**2,
            "score": weight * score,
            "share": weight * genuine,
            "trials": 1,
        }
    )
    sums = sums.groupby(pd.Index(number, name="bin")).sum()
    share = sums["share"] / sums["weight"]
    # So many trials of equal weight would be as certain.
    count = sums["weight"] ** 2 / sums["squares"]
    middle = (share + Z**2 / (2 * count)) / (1 + Z**2 / count)
    reach = Z * np.sqrt(share * (1 - share) / count + (Z / (2 * count)) ** 2) / (1 + Z**2 / count)
    return pd.DataFrame(
        {
            "score": sums["score"] / sums["weight"],
            "share": share,
            # Rounding may leave the share just outside.
            "low": np.minimum(middle - reach, share),
            "high": np.maximum(middle + reach, share),
            "trials": sums["trials"],
        }
    ).reset_index()
