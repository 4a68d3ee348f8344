# SPDX-License-Identifier: Apache-2.0
"""OpenAI's client, which tools use to ask any server for its models.

The calls follow the reference of OpenAI's API, "List models" and "Retrieve model".
"""
import openai
import pytest


@pytest.mark.parametrize("prefix", ["/v1", "/openai/v1"])
def test_models(url, questions, prefix):
    client = openai.OpenAI(base_url=url + prefix, api_key="none is needed", max_retries=0)
    listed = list(client.models.list())
    assert {model.id for model in listed} == set(questions)
    assert all(model.object == "model" and model.created > 1_700_000_000 for model in listed)
    assert client.models.retrieve("iris").id == "iris"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("nope")
