"""Step 3 in CloudFormation, which has no resource that accepts: what it can do instead.

A stack that asks for a connection accepts it as well: in one account by itself, in another by a role there.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/peer-with-vpc-in-another-account.html
https://docs.aws.amazon.com/vpc/latest/peering/security-iam.html
"""

from django.utils.translation import gettext as _

from networking.peering.remedies.pieces import Pair
from networking.remedies import cloudformation, shell
from networking.remedies.shapes import Written
from portal.aws.facts.networks import VpcNetwork


def written(network: VpcNetwork, pair: Pair) -> Written:
    """For two accounts the role's template; for one account only the word that there is nothing to launch."""
    cannot = _("CloudFormation has no resource that accepts a request which waits already.")
    if not pair.crosses_accounts:
        said = _(
            "In one account the stack of step 2 accepts what it asks for. For a request made otherwise take another "
            "form."
        )
        text = shell.script(shell.header(network, cannot), shell.comment(said))
        return Written(text=text, undo=_("There is nothing to take back."), undo_is_code=False, note=f"{cannot} {said}")
    stack = f"clickhouse-byoc-peering-role-{pair.peer_vpc}"
    words = {"stack": stack, "region": network.region, "account": network.account}
    possible = _(
        "This is the role by which the stack of step 2 accepts what it asks for. Launch it first, as the new stack "
        "%(stack)s in region %(region)s of account %(account)s; its output goes into PeerRoleArn of step 2. Where the "
        "request waits already, take another form."
    )
    return Written(
        text=shell.script(shell.header(network, _("A role that accepts requests of one VPC to one VPC")), _role(pair)),
        undo=_("Delete the stack %(stack)s: its role goes with it. The connection stays.") % words,
        undo_is_code=False,
        note=f"{cannot} {possible % words}",
    )


def _role(pair: Pair) -> str:
    place = f"arn:${{AWS::Partition}}:ec2:{pair.peer_region}:{pair.peer_account}"
    asking = f"arn:${{AWS::Partition}}:ec2:{pair.region}:{pair.account}:vpc/{pair.vpc}"
    asked = f"{place}:vpc/{pair.peer_vpc}"
    trusted = f"arn:${{AWS::Partition}}:iam::{pair.account}:root"
    say = cloudformation.quoted
    return f"""AWSTemplateFormatVersion: "2010-09-09"
Resources:
  PeerRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: sts:AssumeRole
            Principal:
              AWS: !Sub {say(trusted)}
      Policies:
        - PolicyName: accept-one-peering
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: ec2:AcceptVpcPeeringConnection
                Resource: !Sub {say(asked)}
              - Effect: Allow
                Action: ec2:AcceptVpcPeeringConnection
                Resource: !Sub {say(f"{place}:vpc-peering-connection/*")}
                Condition:
                  ArnEquals:
                    ec2:AccepterVpc: !Sub {say(asked)}
                    ec2:RequesterVpc: !Sub {say(asking)}
Outputs:
  PeerRoleArn:
    Value: !GetAtt PeerRole.Arn"""
