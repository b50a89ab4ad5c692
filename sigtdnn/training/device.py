"""Where torch computes."""

import torch

from sigtdnn.errors import UnknownDeviceError


def open_device(name: str) -> torch.device:
    """The torch device of that name, such as cpu, cuda or cuda:1.

    Raises UnknownDeviceError when torch knows no such device or finds none here.
    """
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise UnknownDeviceError(f"device '{name}' cannot be used ({reason})", "use cpu") from error
    return device
