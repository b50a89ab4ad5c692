import pytest


@pytest.mark.parametrize(
    "words",
    [("enroll", "eve"), ("verify", "anna"), ("identify",), ("score", "-r", "REFERENCE")],
    ids=["enroll", "verify", "identify", "score"],
)
def test_files_are_read_as_the_format_that_is_named(run, elastic, store, genuine, words):
    where = ("--model", elastic, "--store", store)
    run("enroll", "anna", *genuine[:6], *where)
    words = [genuine[8] if word == "REFERENCE" else word for word in words]
    where = where[:2] if words[0] == "score" else where
    assert run(*words, genuine[7], *where, "--format", "csv").exit_code in (0, 1)
    refused = run(*words, genuine[7], *where, "--format", "svc2004")
    assert refused.exit_code == 2
    assert "is not a number of points" in refused.output
    assert run(*words, genuine[7], *where, "--format", "wav").exit_code == 2
