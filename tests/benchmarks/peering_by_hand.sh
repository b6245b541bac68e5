#!/bin/sh
# A VPC peering in six steps by hand with the AWS CLI v2, one call after the other, in both accounts:
#
#   BYOC_VPC=vpc-… TARGET_VPC=vpc-… TARGET_ACCOUNT=… TARGET_KEY=… BYOC_SUBNETS="subnet-… …" TARGET_SUBNETS="subnet-… …" \
#     PORTS="443 8443 9440" sh peering_by_hand.sh
#
# AWS_REGION and the BYOC account's credentials come from the environment; TARGET_KEY is the access key of the target
# account. The private load balancer of step 1 stands already. While it waits for AWS it asks again at once, without a
# pause. Exit status 1 when something lacks in the end. Every call is named on stderr.
set -eu

region=$AWS_REGION

here() {
  echo "call: $*" >&2
  aws "$@" --output text
}

there() {
  echo "call: $*" >&2
  AWS_ACCESS_KEY_ID=$TARGET_KEY aws "$@" --output text
}

# What stands: the ranges of both VPCs, and step 1's load balancer with its security group.
blocks="Vpcs[0].CidrBlockAssociationSet[?CidrBlockState.State=='associated'].CidrBlock"
byoc_ranges=$(here ec2 describe-vpcs --vpc-ids "$BYOC_VPC" --query "$blocks")
target_ranges=$(there ec2 describe-vpcs --vpc-ids "$TARGET_VPC" --query "$blocks")
group=$(here elbv2 describe-load-balancers \
  --query "LoadBalancers[?VpcId=='$BYOC_VPC' && Scheme=='internal' && Type=='network'] | [0].SecurityGroups[0]")

# Step 2: ask for the connection, and wait until the other side sees it.
pcx=$(here ec2 create-vpc-peering-connection --vpc-id "$BYOC_VPC" --peer-vpc-id "$TARGET_VPC" \
  --peer-owner-id "$TARGET_ACCOUNT" --peer-region "$region" --query VpcPeeringConnection.VpcPeeringConnectionId)
until_it_is() {
  wanted=$1 state=""
  shift
  while [ "$state" != "$wanted" ]; do
    state=$("$@" ec2 describe-vpc-peering-connections \
      --filters "Name=vpc-peering-connection-id,Values=$pcx" --query "VpcPeeringConnections[0].Status.Code")
  done
}
until_it_is pending-acceptance there

# Step 3: accept, and wait until it works.
there ec2 accept-vpc-peering-connection --vpc-peering-connection-id "$pcx" --query VpcPeeringConnection.Status.Code
until_it_is active here

# Steps 4 and 5: the table that each subnet follows, its own or the main one, and the routes that it lacks.
list="RouteTables[].[RouteTableId, join(',', [['-'], Associations[].SubnetId][]), \
length(Associations[?Main]), join(',', [['-'], Routes[].DestinationCidrBlock][])]"

followed() {
  awk -v subnets="$1" '{ routes[$1] = "," $4 ","; if ($3 > 0) main = $1
      count = split($2, own, ","); for (i = 1; i <= count; i++) table[own[i]] = $1 }
    END { count = split(subnets, wanted, " ")
      for (i = 1; i <= count; i++) { of = wanted[i] in table ? table[wanted[i]] : main
        if (!(of in told)) print of, routes[of]; told[of] = 1 } }'
}

lacking() {
  while read -r table routes; do
    for range in $1; do
      case "$routes" in *",$range,"*) ;; *) echo "$table $range" ;; esac
    done
  done
}

lacking_here() {
  here ec2 describe-route-tables --filters "Name=vpc-id,Values=$BYOC_VPC" --query "$list" |
    followed "$BYOC_SUBNETS" | lacking "$target_ranges"
}

lacking_there() {
  there ec2 describe-route-tables --filters "Name=vpc-id,Values=$TARGET_VPC" --query "$list" |
    followed "$TARGET_SUBNETS" | lacking "$byoc_ranges"
}

lacking_here | while read -r table range; do
  here ec2 create-route --route-table-id "$table" --destination-cidr-block "$range" \
    --vpc-peering-connection-id "$pcx" --query Return </dev/null
done
lacking_there | while read -r table range; do
  there ec2 create-route --route-table-id "$table" --destination-cidr-block "$range" \
    --vpc-peering-connection-id "$pcx" --query Return </dev/null
done

# Step 6: the private ports.
rules=""
for port in $PORTS; do
  for range in $target_ranges; do
    rules="$rules${rules:+,}{\"IpProtocol\":\"tcp\",\"FromPort\":$port,\"ToPort\":$port,\"IpRanges\":[{\"CidrIp\":\"$range\"}]}"
  done
done
here ec2 authorize-security-group-ingress --group-id "$group" --ip-permissions "[$rules]" --query Return

# Look once more at everything, in both accounts.
state=$(here ec2 describe-vpc-peering-connections \
  --filters "Name=vpc-peering-connection-id,Values=$pcx" --query "VpcPeeringConnections[0].Status.Code")
left="$(lacking_here)$(lacking_there)"
admitted=$(here ec2 describe-security-groups --group-ids "$group" \
  --query "SecurityGroups[0].IpPermissions[].[FromPort, join(' ', IpRanges[].CidrIp)]")
for port in $PORTS; do
  for range in $target_ranges; do
    echo "$admitted" | grep -q "^$port	.*$range" || left="$left $port $range"
  done
done
if [ "$state" != active ] || [ -n "$left" ]; then
  echo "$pcx is $state; these lack: $left"
  exit 1
fi
echo "$pcx works"
