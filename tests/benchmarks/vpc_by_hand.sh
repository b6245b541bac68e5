#!/bin/sh
# The vendor's requirements for a customer-managed VPC, checked by hand with the AWS CLI v2, one after the other as the
# documentation lists them:
#
#   PROFILE=seed sh vpc_by_hand.sh vpc-… subnet-… subnet-… subnet-…
#
# PROFILE=2026-08 adds what that profile asks for. AWS_REGION and credentials come from the environment. Prints a line
# "FAIL <code> <id>" for each fault; exit status 1 when there is one. Every call is named on stderr.
set -eu

vpc=$1
shift
region=$AWS_REGION
profile=${PROFILE:-seed}
failed=0

call() {
  echo "call: $*" >&2
  aws "$@" --output text
}

fail() {
  echo "FAIL $1 $2"
  failed=1
}

# The account, and whether the VPC is there and belongs to it.
account=$(call sts get-caller-identity --query Account)
owner=$(call ec2 describe-vpcs --filters "Name=vpc-id,Values=$vpc" \
  --query "Vpcs[].[OwnerId, Tags[?Key=='clickhouse-byoc']|[0].Value]")
[ -n "$owner" ] || fail vpc.exists "$vpc"
set -f
IFS_WAS=$IFS
IFS='	'
# shellcheck disable=SC2086
set -- "$@" -- $owner
IFS=$IFS_WAS
subnets=""
while [ "$1" != "--" ]; do
  subnets="$subnets $1"
  shift
done
shift
[ "${1:-}" = "$account" ] || fail vpc.owner "$vpc"
if [ "$profile" = 2026-08 ] && [ "${2:-}" != true ]; then fail vpc.tags "$vpc"; fi

# At least three subnets.
# shellcheck disable=SC2086
set -- $subnets
[ $# -ge 3 ] || fail subnets.count "$vpc"

# Which zones are availability zones.
zones=$(call ec2 describe-availability-zones \
  --query "AvailabilityZones[?ZoneType=='availability-zone'].ZoneId")

# The endpoint for S3, and the route tables it is on.
endpoint_tables=$(call ec2 describe-vpc-endpoints \
  --filters "Name=vpc-id,Values=$vpc" "Name=service-name,Values=com.amazonaws.$region.s3" \
  "Name=vpc-endpoint-type,Values=Gateway" "Name=vpc-endpoint-state,Values=available" \
  --query "VpcEndpoints[].[VpcEndpointId, RouteTableIds]")
[ -n "$endpoint_tables" ] || fail s3-endpoint.present "$vpc"

# Each subnet: its VPC, zone, size, free addresses and tags.
seen=""
for subnet in $subnets; do
  row=$(call ec2 describe-subnets --subnet-ids "$subnet" --query "Subnets[0].[VpcId, AvailabilityZoneId, CidrBlock, \
AvailableIpAddressCount, Tags[?Key=='kubernetes.io/role/internal-elb']|[0].Value, Tags[?Key=='clickhouse-byoc']|[0].Value]")
  # shellcheck disable=SC2086
  set -- $row
  [ "$1" = "$vpc" ] || fail subnets.membership "$subnet"
  case " $seen " in *" $2 "*) fail subnets.zones "$subnet" ;; esac
  seen="$seen $2"
  case " $(echo "$zones" | tr '\t\n' '  ') " in *" $2 "*) ;; *) fail subnets.zones "$subnet" ;; esac
  [ "${3#*/}" -le 23 ] || fail subnets.size "$subnet"
  [ "$4" -ge 8 ] || fail subnets.free-addresses "$subnet"
  [ "$5" = 1 ] || fail subnets.tags "$subnet"
  if [ "$profile" = 2026-08 ] && [ "$6" != true ]; then fail subnets.byoc-tag "$subnet"; fi
done

# Each subnet's route table: its own, else the main one; where its default routes lead, and whether S3's endpoint is on it.
for subnet in $subnets; do
  query="RouteTables[0].[RouteTableId, Routes[?DestinationCidrBlock=='0.0.0.0/0']|[0].[NatGatewayId, GatewayId, \
TransitGatewayId], Routes[?DestinationIpv6CidrBlock=='::/0']|[0].GatewayId][]"
  table=$(call ec2 describe-route-tables --filters "Name=association.subnet-id,Values=$subnet" --query "$query")
  if [ -z "$table" ] || [ "$table" = None ]; then
    table=$(call ec2 describe-route-tables --filters "Name=vpc-id,Values=$vpc" "Name=association.main,Values=true" \
      --query "$query")
  fi
  # shellcheck disable=SC2086
  set -- $table
  case " $* " in *" igw-"*) fail subnets.private "$subnet" ;; esac
  case "$endpoint_tables" in *"$1"*) ;; *) fail s3-endpoint.routes "$subnet" ;; esac
  [ "$profile" = 2026-08 ] || continue
  case "${2:-}" in
    nat-*)
      state=$(call ec2 describe-nat-gateways --nat-gateway-ids "$2" \
        --query "NatGateways[0].[State, ConnectivityType]")
      case "$state" in available*public) ;; *) fail subnets.egress "$subnet" ;; esac
      ;;
    *) case " $* " in *" tgw-"*) ;; *) fail subnets.egress "$subnet" ;; esac ;;
  esac
done

# Names inside the VPC.
if [ "$profile" = 2026-08 ]; then
  support=$(call ec2 describe-vpc-attribute --vpc-id "$vpc" --attribute enableDnsSupport --query EnableDnsSupport.Value)
  names=$(call ec2 describe-vpc-attribute --vpc-id "$vpc" --attribute enableDnsHostnames --query EnableDnsHostnames.Value)
  [ "$support $names" = "True True" ] || fail vpc.dns "$vpc"
fi

exit "$failed"
