# SPDX-License-Identifier: Apache-2.0
"""The comparison itself, with planted faults: a test that compares nothing would pass whatever the server says."""
import numpy as np
import pytest


def test_right_answers_pass(questions):
    iris, concrete = questions["iris"], questions["concrete"]
    iris.expect(labels=iris.labels, probabilities=iris.probabilities)
    iris.expect(labels=[label.encode() for label in iris.labels], probabilities=iris.probabilities.ravel())
    concrete.expect(numbers=concrete.numbers[:, None])


def test_questions_ask_something(questions):
    for asked in questions.values():
        assert len(asked.rows) >= 8
        assert len(set(asked.labels)) > 1 or len(set(asked.numbers)) > 1, f"{asked.model} has one answer for all"
    assert any(None in row for row in questions["penguins"].rows)


@pytest.mark.parametrize("fault", [
    lambda right: right[:-1],
    lambda right: np.concatenate([right, right[:1]]),
    lambda right: right[::-1],
    lambda right: right + 1e-3,
    lambda right: np.full_like(right, np.nan),
    lambda right: np.empty(0),
])
def test_wrong_numbers_fail(questions, fault):
    for model, name in (("iris", "probabilities"), ("concrete", "numbers")):
        with pytest.raises(AssertionError):
            questions[model].expect(**{name: fault(getattr(questions[model], name))})


def test_wrong_labels_fail(questions):
    iris = questions["iris"]
    for fault in (iris.labels[:-1], iris.labels[::-1], [], [label.upper() for label in iris.labels]):
        with pytest.raises(AssertionError):
            iris.expect(labels=fault)
    with pytest.raises(AssertionError):
        questions["concrete"].expect(probabilities=[])
    with pytest.raises(AssertionError):
        iris.expect()
