"""The private name of a public one: the example of the facts, what people paste, and what is refused and how."""

import pytest

from networking.endpoints import private_name, public_name
from onboarding.inputs.refusals import Refused

PUBLIC = "h5ju65kv87.mhp0y4dmph.us-west-2.aws.byoc.clickhouse.cloud"
PRIVATE = "h5ju65kv87-private.mhp0y4dmph.us-west-2.aws.byoc.clickhouse.cloud"
LATER = "h5ju65kv87.mhp0y4dmph.us-west-2.aws.clickhouse-byoc.com"


def test_the_private_name_has_private_after_the_first_label() -> None:
    assert private_name(PUBLIC) == PRIVATE
    assert private_name(LATER) == "h5ju65kv87-private.mhp0y4dmph.us-west-2.aws.clickhouse-byoc.com"


@pytest.mark.parametrize(
    "pasted",
    [
        f"  {PUBLIC}\t", PUBLIC.upper(), f"{PUBLIC}.", f"{PUBLIC}:8443", f"https://{PUBLIC}", f"https://{PUBLIC}:8443/play",
        f"HTTPS://{PUBLIC}:8443/?user=default#top", f"clickhouse://{PUBLIC}:9440/default", f"{PUBLIC}/",
        f"jdbc:clickhouse://{PUBLIC}:8443/default?ssl=true", f"{PUBLIC}.:9440",
    ],
)  # fmt: skip
def test_what_people_paste_is_read(pasted: str) -> None:
    assert (public_name(pasted), private_name(pasted)) == (PUBLIC, PRIVATE)


REFUSED = [
    ("", "host.missing", "Give the public host name"),
    ("   ", "host.missing", "such as"),
    (None, "host.malformed", "Give"),
    (12, "host.malformed", "Give"),
    (PRIVATE, "host.private", f"The public one is {PUBLIC}: give that one"),
    (f"https://{PRIVATE}:8443", "host.private", PUBLIC),
    ("example.com", "host.other-domain", "example.com is no name of a deployment"),
    (f"{PUBLIC}.evil.example", "host.other-domain", "evil.example is no name"),
    (f"https://evil.example/{PUBLIC}", "host.other-domain", "evil.example"),
    (f"https://evil.example?{PUBLIC}", "host.other-domain", "evil.example"),
    (f"https://default:secret@{PUBLIC}:8443", "host.user", "A user name stands before"),
    (f"https://{PUBLIC}@evil.example/", "host.user", "A user name"),
    (f"https://{PUBLIC}\\@evil.example/", "host.malformed", "Give"),
    (f"{PUBLIC} evil.example", "host.malformed", "Give"),
    (f"{PUBLIC}\nx", "host.hidden", "cannot be seen"),
    (f"{PUBLIC[:5]}\u200b{PUBLIC[5:]}", "host.hidden", "cannot be seen"),
    (PUBLIC.replace("cloud", "cl\u043eud"), "host.letters", "other letters"),
    ("ｈ5ju65kv87" + PUBLIC[10:], "host.letters", "other letters"),
    (f"xn--h5ju65kv87-x.{PUBLIC}", "host.letters", "other letters"),
    (f"{PUBLIC}..", "host.other-domain", "is no name"),
    (f"x..{PUBLIC}", "host.other-domain", "is no name"),
    (f"-{PUBLIC}", "host.other-domain", "is no name"),
    (f"x_y{PUBLIC}", "host.other-domain", "is no name"),
    (f"a.{PUBLIC}", "host.other-domain", "is no name"),
    (PUBLIC.removeprefix("h5ju65kv87."), "host.other-domain", "is no name"),
    (PUBLIC.replace("us-west-2", "us-west-9"), "host.region", "us-west-9 is no region"),
    (PUBLIC.replace("us-west-2", "mars"), "host.region", "mars is no region"),
    (f"{'a' * 56}{PUBLIC[10:]}", "host.too-long", "longer than a name may have"),
    (f"h5ju65kv87.{'a' * 64}.us-west-2.aws.byoc.clickhouse.cloud", "host.too-long", "longer"),
    ("a." * 130 + PUBLIC, "host.too-long", "at most 253"),
    ("a" * 5000, "host.malformed", "Give"),
    (f"javascript:alert(1)//{PUBLIC}", "host.malformed", "Give"),
    ("<script>alert(1)</script>", "host.other-domain", "is no name"),
    ("10.0.0.1", "host.other-domain", "is no name"),
    ("[::1]:8443", "host.malformed", "Give"),
]  # fmt: skip


@pytest.mark.parametrize(("pasted", "code", "words"), REFUSED)
def test_what_is_no_public_name_is_refused_with_what_to_give(pasted: object, code: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        public_name(pasted)
    assert refused.value.code == code
    assert words in str(refused.value)


def test_the_longest_first_label_that_leaves_room_for_its_private_name_is_taken() -> None:
    assert private_name(f"{'a' * 55}{PUBLIC[10:]}").startswith(f"{'a' * 55}-private.mhp0y4dmph.")


def test_a_long_run_of_hyphens_is_refused_at_once() -> None:
    with pytest.raises(Refused):
        private_name("a-" * 120 + "!")
