#!/bin/sh
# Reads one VPC and what lies round it, and writes what AWS answers as one JSON object. It changes nothing.
#
#   sh vpc-facts.sh           writes the file vpc-facts.json
#   sh vpc-facts.sh | less    or prints it, wherever its output leads elsewhere
#
# It needs the AWS CLI version 2, as AWS CloudShell has it, and these permissions: ec2:DescribeAvailabilityZones,
# ec2:DescribeNatGateways, ec2:DescribeRouteTables, ec2:DescribeSubnets, ec2:DescribeVpcAttribute,
# ec2:DescribeVpcEndpoints, ec2:DescribeVpcs; for a side of a peering also ec2:DescribeNetworkAcls and
# ec2:DescribeVpcPeeringConnections, and for the one that asks ec2:DescribeSecurityGroups. What AWS refuses is left out,
# and said.
(
set -eu
account=@ACCOUNT@
region=@REGION@
vpc=@VPC@
subnets=@SUBNETS@ # IDs, with blanks between them; may be empty
side=@SIDE@ # of a peering: requester or accepter; empty for a VPC by itself
file=vpc-facts.json

export AWS_PAGER='' AWS_CLI_AUTO_PROMPT=off
export LC_ALL=C.UTF-8 # what the AWS CLI writes is UTF-8 then, whatever the terminal speaks
umask 077

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }
ask() { aws "$@" --region "$region" --output json --no-cli-pager </dev/null; }

# Adds one member to the facts.
facts=''
add() { # NAME JSON
    facts="$facts,
\"$1\": $2"
}
left_out() { # OPERATION
    say "  AWS gave no answer to $1. It is left out, and what depends on it stays unknown."
}

# Asks one thing of EC2 and adds the answer, all its pages in one.
look() { # OPERATION ARGUMENTS...
    operation=$1
    shift
    say "Reading $operation"
    if answer=$(ask ec2 "$@") && [ -n "$answer" ]; then
        add "$operation" "$answer"
    else
        left_out "$operation"
    fi
}

# The subnets of the VPC, and those that were named and lie elsewhere: asked for by a filter, because an unknown ID
# is an error everywhere else.
look_at_subnets() {
    say "Reading DescribeSubnets"
    if ! list=$(ask ec2 describe-subnets --filters "Name=vpc-id,Values=$vpc" --query Subnets) || [ -z "$list" ]; then
        left_out DescribeSubnets
        return 0
    fi
    for subnet in $subnets; do
        case $list in *"\"SubnetId\": \"$subnet\""*) continue ;; esac
        if ! more=$(ask ec2 describe-subnets --filters "Name=subnet-id,Values=$subnet" --query Subnets) || [ -z "$more" ]; then
            left_out DescribeSubnets
            return 0
        fi
        list=$(joined "$list" "$more")
    done
    add DescribeSubnets "{\"Subnets\": $list}"
}
joined() { # LIST LIST, as the AWS CLI writes them: an empty one is [] and nothing else
    case "$1 $2" in
        *' []') printf '%s' "$1" ;;
        '[] '*) printf '%s' "$2" ;;
        *) printf '%s,%s' "${1%]}" "${2#\[}" ;;
    esac
}

# The peering connections of the VPC, whichever side of them it is: no filter says both at once.
look_at_peerings() {
    say "Reading DescribeVpcPeeringConnections"
    list='[]'
    for end in requester accepter; do
        if ! more=$(ask ec2 describe-vpc-peering-connections --filters "Name=$end-vpc-info.vpc-id,Values=$vpc" \
            --query VpcPeeringConnections) || [ -z "$more" ]; then
            left_out DescribeVpcPeeringConnections
            return 0
        fi
        list=$(joined "$list" "$more")
    done
    add DescribeVpcPeeringConnections "{\"VpcPeeringConnections\": $list}"
}

# The two DNS attributes, which AWS tells one at a time, as one object.
look_at_dns() {
    say "Reading DescribeVpcAttribute"
    dns=''
    for attribute in EnableDnsSupport EnableDnsHostnames; do
        name=enable${attribute#Enable}
        if answer=$(ask ec2 describe-vpc-attribute --vpc-id "$vpc" --attribute "$name" --query "$attribute") &&
            [ -n "$answer" ] && [ "$answer" != null ]; then
            dns="$dns${dns:+, }\"$attribute\": $answer"
        else
            left_out "DescribeVpcAttribute ($attribute)"
        fi
    done
    [ -z "$dns" ] || add DescribeVpcAttribute "{$dns}"
}

command -v aws >/dev/null || stop "The AWS CLI is not here. Run this in AWS CloudShell, or install the AWS CLI version 2."
case $(aws --version 2>&1) in
    aws-cli/1.*) stop "This is version 1 of the AWS CLI. Run this in AWS CloudShell, or install version 2." ;;
esac
here=$(ask sts get-caller-identity --query Account) || stop "AWS did not say whose credentials these are. Sign in to the account $account and run this again."
here=$(printf '%s' "$here" | tr -d '"')
[ "$here" = "$account" ] || stop "These credentials are of the account $here, but the registered account is $account. Nothing was read. Sign in there and run this again."
say "Reading the VPC $vpc in $region of the account $account. Nothing is changed."

chosen=''
for subnet in $subnets; do chosen="$chosen${chosen:+, }\"$subnet\""; done
facts="\"format\": 1,
\"account_id\": \"$account\",
\"region\": \"$region\",
\"collected_at\": \"$(date -u +%Y-%m-%dT%H:%M:%SZ)\",
\"vpc_id\": \"$vpc\",
\"subnet_ids\": [$chosen]"
look DescribeAvailabilityZones describe-availability-zones --all-availability-zones
look DescribeVpcs describe-vpcs --filters "Name=vpc-id,Values=$vpc"
look_at_subnets
look DescribeRouteTables describe-route-tables --filters "Name=vpc-id,Values=$vpc"
look DescribeVpcEndpoints describe-vpc-endpoints --filters "Name=vpc-id,Values=$vpc"
look DescribeNatGateways describe-nat-gateways --filter "Name=vpc-id,Values=$vpc" # the one operation that spells it so
look_at_dns
if [ -n "$side" ]; then
    look_at_peerings
    look DescribeNetworkAcls describe-network-acls --filters "Name=vpc-id,Values=$vpc"
fi
if [ "$side" = requester ]; then
    look DescribeSecurityGroups describe-security-groups --filters "Name=vpc-id,Values=$vpc"
fi

if [ -t 1 ]; then
    printf '{%s}\n' "$facts" >"$file"
    say "Done. The facts are in $file: give us that file. It holds no credentials."
else
    printf '{%s}\n' "$facts"
    say "Done."
fi
)
