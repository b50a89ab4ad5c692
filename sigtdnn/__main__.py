"""`python -m sigtdnn`: the command `sigtdnn`, where its script is not on the path."""

from importlib.metadata import distribution

if __name__ == "__main__":
    distribution("sigtdnn").entry_points["sigtdnn"].load()(prog_name="sigtdnn")
