import json
from dataclasses import asdict

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from sigtdnn.errors import RunError
from sigtdnn.training import checkpoint
from sigtdnn.training.checkpoint import load_checkpoint, save_checkpoint
from sigtdnn.training.environment import torch_environment

IDENTITY = {"recipe": {"network": {"inputs": ["x", "y"]}}, "seed": 7}


def without_time(history):
    return [{**asdict(record), "seconds": None} for record in history]


def run_and_interrupt(training, path, after):
    def save(record):
        save_checkpoint(training, IDENTITY, path)
        if record.number == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        training.run(save)


def assert_same_bits(first, second):
    pairs = zip(
        (*first.siamese.state_dict().items(), *first.average.state_dict().items()),
        (*second.siamese.state_dict().items(), *second.average.state_dict().items()),
        strict=True,
    )
    for (name, one), (_, other) in pairs:
        assert torch.equal(one, other), name
    assert first.best.keys() == second.best.keys()
    for name, weight in first.best.items():
        assert weight.tobytes() == second.best[name].tobytes(), name
    assert without_time(first.history) == without_time(second.history)


@pytest.mark.parametrize("variation", [0.0, 0.1], ids=["plain", "varied"])
@pytest.mark.parametrize("optimiser", ["levenberg-marquardt", "sgd", "adam"])
def test_an_interrupted_run_ends_as_an_undisturbed_one(
    start, changed, tmp_path, optimiser, variation
):
    strengths = {"warp": variation, "shear": variation, "drift": variation}
    recipe = changed(optimiser={"kind": optimiser}, augmentation=strengths)
    undisturbed = start(recipe)
    undisturbed.run()
    path = tmp_path / "checkpoint.safetensors"
    run_and_interrupt(start(recipe), path, after=1)
    # Interrupted twice, the second time within a pass that has to begin again.
    again = start(recipe)
    load_checkpoint(again, IDENTITY, path)
    assert len(again.history) == 1
    run_and_interrupt(again, path, after=2)
    again.siamese.branch.layers[0].weight.data.zero_()
    last = start(recipe)
    load_checkpoint(last, IDENTITY, path)
    last.run()
    assert_same_bits(last, undisturbed)


def test_the_best_weights_of_an_earlier_pass_survive(start, changed, worsen, tmp_path):
    undisturbed, first, again = (start(changed(optimiser={"passes": 5})) for _ in range(3))
    for training in (undisturbed, first, again):
        worsen(training)
    undisturbed.run()
    run_and_interrupt(first, tmp_path / "c", after=4)
    load_checkpoint(again, IDENTITY, tmp_path / "c")
    again.run()
    assert again.best_pass == 3
    assert_same_bits(again, undisturbed)


@pytest.fixture(scope="module")
def first_pass(start, recipe, tmp_path_factory):
    """The bytes of a checkpoint after the first pass."""
    path = tmp_path_factory.mktemp("run") / "checkpoint.safetensors"
    run_and_interrupt(start(recipe), path, after=1)
    return path.read_bytes()


@pytest.fixture
def saved(first_pass, tmp_path):
    """The path of that checkpoint."""
    path = tmp_path / "checkpoint.safetensors"
    path.write_bytes(first_pass)
    return path


def contents(path):
    with safe_open(path, framework="pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        return tensors, json.loads(file.metadata()["checkpoint"])


def test_the_environment_of_then_is_told(start, recipe, saved):
    tensors, info = contents(saved)
    assert info["environment"] == torch_environment()
    assert set(torch_environment()) == {"machine", "python", "torch", "numpy", "threads"}
    then = {"environment": {"torch": "0.1"}}
    save_file(tensors, saved, metadata={"checkpoint": json.dumps({**info, **then})})
    assert load_checkpoint(start(recipe), IDENTITY, saved) == {"torch": "0.1"}


@pytest.mark.parametrize(
    "identity",
    [
        {**IDENTITY, "seed": 8},
        {**IDENTITY, "recipe": {"network": {"inputs": ["y", "x"]}}},
        {**IDENTITY, "corpus": "unheard of"},
    ],
    ids=["seed", "recipe", "corpus"],
)
def test_a_run_of_other_data_or_settings_is_refused(start, recipe, saved, identity):
    training = start(recipe)
    before = {name: weight.copy() for name, weight in training.best.items()}
    with pytest.raises(RunError, match="the interrupted run had another"):
        load_checkpoint(training, identity, saved)
    assert training.history == []
    assert all(np.array_equal(weight, before[name]) for name, weight in training.best.items())


def test_nothing_to_resume(start, recipe, tmp_path):
    with pytest.raises(RunError, match="there is nothing to resume"):
        load_checkpoint(start(recipe), IDENTITY, tmp_path / "missing")


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_truncated_checkpoint_is_refused(start, recipe, saved, share):
    whole = saved.read_bytes()
    saved.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(RunError, match="is not a checkpoint"):
        load_checkpoint(start(recipe), IDENTITY, saved)


@pytest.mark.parametrize("text", ["no json", "[]", "null", "{}"])
def test_description_that_is_none_is_refused(start, recipe, saved, text):
    tensors, _ = contents(saved)
    save_file(tensors, saved, metadata={"checkpoint": text})
    with pytest.raises(RunError, match="is not a checkpoint"):
        load_checkpoint(start(recipe), IDENTITY, saved)


@pytest.mark.parametrize("key", ["identity", "environment", "history"])
@pytest.mark.parametrize("value", [None, 7, [1]])
def test_damaged_description_is_refused(start, recipe, saved, key, value):
    tensors, info = contents(saved)
    save_file(tensors, saved, metadata={"checkpoint": json.dumps({**info, key: value})})
    with pytest.raises(RunError, match="is not a checkpoint"):
        load_checkpoint(start(recipe), IDENTITY, saved)


def test_unknown_column_of_the_history_is_refused(start, recipe, saved):
    tensors, info = contents(saved)
    info["history"][0]["luck"] = 1.0
    save_file(tensors, saved, metadata={"checkpoint": json.dumps(info)})
    with pytest.raises(RunError, match="unknown key 'luck'"):
        load_checkpoint(start(recipe), IDENTITY, saved)


@pytest.mark.parametrize("part", ["siamese", "average", "best"])
@pytest.mark.parametrize("damage", ["missing", "another shape"])
def test_damaged_weights_are_refused(start, recipe, saved, part, damage):
    tensors, info = contents(saved)
    name = next(n for n in tensors if n.startswith(part) and n.endswith("weight"))
    if damage == "missing":
        del tensors[name]
    else:
        tensors[name] = tensors[name][:-1].clone()
    save_file(tensors, saved, metadata={"checkpoint": json.dumps(info)})
    with pytest.raises(RunError, match="the checkpoint is damaged"):
        load_checkpoint(start(recipe), IDENTITY, saved)


@pytest.mark.parametrize("name", ["optimiser.0.curvature", "optimiser.99.curvature", "optimiser.x"])
def test_damaged_state_of_the_optimiser_is_refused(start, recipe, saved, name):
    tensors, info = contents(saved)
    tensors[name] = torch.zeros(3)
    save_file(tensors, saved, metadata={"checkpoint": json.dumps(info)})
    with pytest.raises(RunError, match="the checkpoint is damaged"):
        load_checkpoint(start(recipe), IDENTITY, saved)


def test_an_older_checkpoint_survives_a_failed_write(start, recipe, saved, monkeypatch):
    def fail(*arguments, **keywords):
        raise OSError("disk full")

    before = saved.read_bytes()
    monkeypatch.setattr(checkpoint, "save", fail)
    with pytest.raises(OSError, match="disk full"):
        save_checkpoint(start(recipe), IDENTITY, saved)
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]
