"""The history of a training run as a picture."""

from collections.abc import Sequence

from sigtdnn.drawing.encode import encoded
from sigtdnn.training.loop import PassRecord


def training_picture(history: Sequence[PassRecord], kept: int, title: str) -> bytes:
    """Loss, and GA and FR, over the passes, as PNG; a line marks the pass that was kept."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    figure = Figure(figsize=(9, 3.6), dpi=120, layout="constrained")
    losses, rates = figure.subplots(1, 2)
    passes = [record.number for record in history]
    losses.plot(passes, [record.train_loss for record in history], label="training")
    losses.plot(passes, [record.val_loss for record in history], label="validation")
    losses.set(ylabel="Loss", ylim=(0, None))
    for number, name in enumerate(("train", "val")):
        kind = "training" if name == "train" else "validation"
        ga = [100 * getattr(record, f"{name}_ga") for record in history]
        fr = [100 * getattr(record, f"{name}_fr") for record in history]
        rates.plot(passes, ga, color=f"C{number}", label=f"genuine pairs accepted, {kind}")
        rates.plot(passes, fr, "--", color=f"C{number}", label=f"forged pairs rejected, {kind}")
    rates.set(ylabel="Pairs, %", ylim=(0, 102))
    for axes in (losses, rates):
        axes.axvline(kept, color="0.8", linewidth=0.8, zorder=0)
        axes.set_xlabel("Pass")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(color="0.93")
        axes.legend(fontsize=8)
    figure.suptitle(title, fontsize=10)
    return encoded(figure)
