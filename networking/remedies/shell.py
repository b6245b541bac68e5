"""Lines of POSIX shell and AWS CLI v2 that stand alone and in one script with others.

Every value from outside goes through `quoted` or `comment`: a facts file may hold anything. Parts share variables by
name, so each sets what it uses itself.
"""

import json
import re
import shlex
import unicodedata
from collections.abc import Iterable
from textwrap import indent

from portal.aws.facts.networks import VpcNetwork

#: Values that the CLI's shorthand `Key=…,Value=…` takes as they are; others need JSON.
#: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html
_PLAIN = re.compile(r"[A-Za-z0-9 _.:/+@-]*")


def quoted(value: str) -> str:
    """`value` as one word of the shell."""
    return shlex.quote(value)


def comment(text: str) -> str:
    """`text` as comment lines, one for each line of it; control characters within a line become blanks."""
    return "\n".join(f"# {one_line(line)}".rstrip() for line in text.split("\n"))


def one_line(text: str) -> str:
    """`text` without anything that could end a line or hide what stands in it."""
    return "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)


def header(network: VpcNetwork, title: str) -> str:
    """The first lines of every form: what it does, and where. Also valid in HCL and YAML."""
    where = f"Account {network.account}, region {network.region}, VPC {network.vpc_id}"
    return comment(one_line(title)) + "\n" + comment(one_line(where))


def aws(network: VpcNetwork, operation: str, *options: str) -> str:
    """One call of the AWS CLI in the network's region: `aws(network, "ec2 create-tags", "--resources subnet-1")`.

    Options are written as they are, each on a line of its own: quote what they hold.
    """
    return " \\\n  ".join([f"aws {operation} --region {quoted(network.region)}", *options])


def kept(variable: str, call: str) -> str:
    """The answer of a call in a variable of the shell; a call within a call stays readable."""
    return f"{variable}=$({call})"


def apart(parts: Iterable[str]) -> tuple[str, ...]:
    """The parts in a shell of their own, which stops at the first error: pasted into a terminal, the terminal stays."""
    return ("(\nset -eu", *parts, ")")


def said(sentence: str) -> str:
    """Prints a sentence as a line of its own."""
    return f"printf '%s\\n' {quoted(one_line(sentence))}"


def branch(test: str, then: str, otherwise: str = "") -> str:
    """`then` where the shell's `test` holds, else `otherwise`."""
    middle = f"\nelse\n{indent(otherwise, '  ')}" if otherwise else ""
    return f"if [ {test} ]; then\n{indent(then, '  ')}{middle}\nfi"


def tag(key: str, value: str) -> str:
    """One tag as the CLI's `--tags` takes it, quoted."""
    if _PLAIN.fullmatch(key) and _PLAIN.fullmatch(value):
        return quoted(f"Key={key},Value={value}")
    return quoted(json.dumps({"Key": key, "Value": value}))


def script(*parts: str) -> str:
    """Parts with an empty line between them, and a line end at last."""
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"
