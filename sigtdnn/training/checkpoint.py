"""The state of a training run on disk, to continue it after an interruption.

One safetensors file, replaced after every pass: weights, averaged and best weights and the
optimiser's state as tensors, the history and what must not change as JSON. Continued on the
same machine, with the same versions and number of threads, a run ends in the same bits as
an uninterrupted one; `torch_environment` records these.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from sigtdnn.errors import (
    DamagedCheckpointError,
    NothingToResumeError,
    OtherRunError,
    SigtdnnError,
)
from sigtdnn.files import replacing
from sigtdnn.tables import settings_from
from sigtdnn.training.environment import torch_environment
from sigtdnn.training.loop import PassRecord, Training

Identity = dict[str, Any]


def save_checkpoint(training: Training, identity: Identity, path: Path) -> None:
    """Writes the state after the last pass; `identity` is what a later run must agree with."""
    tensors = {
        **_named("siamese", training.siamese.state_dict()),
        **_named("average", training.average.state_dict()),
        **_named("best", {name: torch.from_numpy(w) for name, w in training.best.items()}),
        **_named("optimiser", _optimiser_tensors(training.optimiser)),
    }
    info = {
        "identity": identity,
        "environment": torch_environment(),
        "history": [asdict(record) for record in training.history],
    }
    with replacing(path) as temporary:
        temporary.write_bytes(save(tensors, metadata={"checkpoint": json.dumps(info)}))


def load_checkpoint(training: Training, identity: Identity, path: Path) -> dict[str, Any]:
    """Puts a run back to where `save_checkpoint` left it; returns the environment it ran in.

    Raises NothingToResumeError when there is not a checkpoint, DamagedCheckpointError when it is
    damaged, OtherRunError when it belongs to a run of other data or settings.
    """
    try:
        with safe_open(path, framework="pt") as file:
            info = json.loads((file.metadata() or {})["checkpoint"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        then, found = dict(info["identity"]), dict(info["environment"])
        history = [settings_from(PassRecord, record, "history") for record in info["history"]]
    except FileNotFoundError as error:
        raise NothingToResumeError(
            f"{path}: there is nothing to resume", "start without --resume"
        ) from error
    except (SafetensorError, OSError, KeyError, TypeError, ValueError, SigtdnnError) as error:
        raise DamagedCheckpointError(
            f"{path}: is not a checkpoint ({error!r})", "start a new run"
        ) from error
    for key, value in identity.items():
        if then.get(key) != value:
            raise OtherRunError(
                f"{path}: the interrupted run had another {key}",
                "resume with the same, or start a new run",
            )
    best = {name: weight.numpy().copy() for name, weight in _part("best", tensors).items()}
    try:
        if {n: w.shape for n, w in best.items()} != {n: w.shape for n, w in training.best.items()}:
            raise ValueError("the best weights are of another network")
        training.siamese.load_state_dict(_part("siamese", tensors))
        training.average.load_state_dict(_part("average", tensors))
        _restore_optimiser(training.optimiser, _part("optimiser", tensors))
    except (RuntimeError, ValueError) as error:
        raise DamagedCheckpointError(
            f"{path}: the checkpoint is damaged ({error})", "start a new run"
        ) from error
    training.best, training.history = best, history
    return found


def _named(part: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {f"{part}.{name}": tensor.detach().cpu().clone() for name, tensor in tensors.items()}


def _part(part: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    prefix = f"{part}."
    return {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}


def _optimiser_tensors(optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The state by 'parameter.key'; the optimisers of `make_optimiser` keep only tensors."""
    state = optimiser.state_dict()["state"]
    return {
        f"{parameter}.{key}": value
        for parameter, values in state.items()
        for key, value in values.items()
        if value is not None
    }


def _restore_optimiser(optimiser: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Raises ValueError for a state that does not fit the parameters."""
    parameters = [weight for group in optimiser.param_groups for weight in group["params"]]
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        parameter, key = name.split(".", 1)
        if int(parameter) >= len(parameters) or (
            tensor.ndim and tensor.shape != parameters[int(parameter)].shape
        ):
            raise ValueError(f"the optimiser's {name} is of another network")
        state.setdefault(int(parameter), {})[key] = tensor
    optimiser.load_state_dict({**optimiser.state_dict(), "state": state})
