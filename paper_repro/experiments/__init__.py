"""One module an experiment; what belongs to the experiment `template` is in three more."""
