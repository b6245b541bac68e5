"""Facts survive JSON, and what is no such fact is refused."""

import importlib
import json
import pkgutil
import types
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import portal.aws.facts
from portal.aws.facts.quotas import QuotaFact
from portal.aws.facts.roles import RoleFact
from portal.aws.facts.shapes import Fact, Tag, UnreadableFactError
from portal.aws.facts.vpcs import VpcFact

MODULES = [
    importlib.import_module(f"portal.aws.facts.{module.name}")
    for module in pkgutil.iter_modules(portal.aws.facts.__path__)
]
KINDS = sorted(
    {
        kind
        for module in MODULES
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Fact) and kind is not Fact
    },
    key=lambda kind: kind.__name__,
)
WORDS = st.text(max_size=6)
PLAIN = {
    str: WORDS,
    int: st.integers(-5, 10**6),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    datetime: st.datetimes(timezones=st.just(UTC)),
}
DOCUMENTS = st.dictionaries(WORDS, st.one_of(WORDS, st.booleans(), st.lists(WORDS, max_size=2)), max_size=2)


def values(kind: Any):
    """Any value that the annotation `kind` allows."""
    if kind in PLAIN:
        return PLAIN[kind]
    if get_origin(kind) in {Union, types.UnionType}:
        return st.one_of(*(st.none() if option is types.NoneType else values(option) for option in get_args(kind)))
    if get_origin(kind) is tuple:
        return st.lists(values(get_args(kind)[0]), max_size=2).map(tuple)
    if isinstance(kind, type) and issubclass(kind, Fact):
        return st.deferred(lambda: st.builds(kind, **{n: values(t) for n, t in get_type_hints(kind).items()}))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    assert get_origin(kind) is dict, kind
    return DOCUMENTS


def test_every_module_of_facts_is_looked_at():
    assert len(KINDS) >= 25
    assert {"VpcFact", "RoleFact", "StackEventFact", "PeeringFact"} <= {kind.__name__ for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20, deadline=None)  # thirty kinds: enough of each
@given(data=st.data())
def test_a_fact_survives_json(kind, data):
    fact = data.draw(values(kind))
    stored = json.dumps(fact.to_json())
    assert kind.from_json(json.loads(stored)) == fact
    assert isinstance(hash(fact), int)


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        (Tag, []),
        (Tag, {"key": "a"}),
        (Tag, {"key": "a", "value": 1}),
        (Tag, {"key": "a", "value": None}),
        (Tag, {"key": "a", "value": "b", "more": "c"}),
        (VpcFact, {"id": "vpc-1", "tags": {}}),
        (VpcFact, {"id": "vpc-1", "tags": [1]}),
        (VpcFact, {"id": "vpc-1", "is_default": 1}),
        (QuotaFact, {"service": "vpc", "code": "c", "value": True}),
        (RoleFact, {"arn": "a", "name": "r", "created_at": "yesterday"}),
        (RoleFact, {"arn": "a", "name": "r", "created_at": 7}),
    ],
)
def test_what_is_no_such_fact_is_refused(kind, document):
    with pytest.raises(UnreadableFactError):
        kind.from_json(document)


def test_a_whole_number_serves_where_a_fraction_is_meant():
    assert QuotaFact.from_json({"service": "vpc", "code": "c", "value": 5}).value == 5.0
