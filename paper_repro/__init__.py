"""The paper's experiments on real signatures, the models that ship, and pages on the results.

`python -m paper_repro --help` lists what can be run. `jobs` has what experiments share: data
sets, folds, trainings and kept networks; `figures` how results are kept. `experiments/` has a
module an experiment and writes `results/`; `pages/` has a module a page and reads them.
"""
