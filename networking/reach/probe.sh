#!/bin/sh
# Tells whether this host reaches a private endpoint: what its name resolves to, and whether its ports answer.
# It connects, sends nothing, and changes nothing. Run it on a host in the VPC that wants access:
#
#   sh private-access.sh                  prints the result, one line in braces
#   sh private-access.sh >result.json     or keeps it in a file
#
# It uses what the host has: getent, python3, dig or nslookup for the name; python3, bash, nc or curl for the ports.
# What it has no means for is "untested".
(
set -u
LC_ALL=C
export LC_ALL
host=@HOST@
ports=@PORTS@ # with blanks between them
wait=5 # seconds for each connection

say() { printf '%s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

# Adds what looks like an address, once; names that the name stands for (CNAME) do not.
addresses=''
add() { # WORDS...
    for word in "$@"; do
        case $word in
            *:*) case $word in *[!0-9a-fA-F:.]*) continue ;; esac ;;
            *.*.*.*) case $word in *[!0-9.]* | *.) continue ;; esac ;;
            *) continue ;;
        esac
        case " $addresses " in *" $word "*) ;; *) addresses="$addresses${addresses:+ }$word" ;; esac
    done
}

by_getent() { getent ahosts "$host" | while read -r found _rest; do printf '%s\n' "$found"; done; }
by_python() {
    python3 -c 'import socket, sys
for found in socket.getaddrinfo(sys.argv[1], None, type=socket.SOCK_STREAM):
    print(found[4][0])' "$host" 2>/dev/null
}
by_dig() {
    for kind in A AAAA; do dig +short +time=5 +tries=2 "$host" "$kind" | grep -v '^;'; done
}
# The first address of nslookup is the name server's own: what counts follows the name.
by_nslookup() {
    nslookup "$host" 2>/dev/null | {
        named=''
        while read -r key value _rest; do
            case $key in
                Name:) named=yes ;;
                Address:) [ -z "$named" ] || printf '%s\n' "$value" ;;
                Address) [ -z "$named" ] || printf '%s\n' "${_rest%% *}" ;;
            esac
        done
    }
}

# Each of these prints open, refused, timeout, or nothing where it cannot tell.
connect_python() { # ADDRESS PORT
    python3 -c 'import socket, sys
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), float(sys.argv[3])).close()
    print("open")
except ConnectionRefusedError:
    print("refused")
except OSError:
    print("timeout")' "$1" "$2" "$wait" 2>/dev/null
}
connect_bash() {
    # The two are arguments of the inner shell, not of this one.
    # shellcheck disable=SC2016
    said=$(timeout "$wait" bash -c 'exec 3<>"/dev/tcp/$1/$2"' probe "$1" "$2" 2>&1) && { echo open; return 0; }
    case $said in *refused*) echo refused ;; *'No such file'*) ;; *) echo timeout ;; esac
}
connect_nc() {
    said=$(nc -z -v -w "$wait" "$1" "$2" 2>&1 </dev/null) && { echo open; return 0; }
    case $said in *refused*) echo refused ;; *usage* | *Usage* | *'invalid option'*) ;; *) echo timeout ;; esac
}
connect_curl() {
    case $1 in *:*) at="[$1]" ;; *) at=$1 ;; esac
    took=$(curl -q -s -o /dev/null -w '%{time_connect}' --noproxy '*' --connect-timeout "$wait" --max-time "$wait" \
        "telnet://$at:$2" </dev/null 2>/dev/null)
    status=$?
    case $took in *[1-9]*) echo open; return 0 ;; esac
    case $status in 7) echo refused ;; 28) echo timeout ;; esac
}

resolver=none
if have getent; then resolver=getent found=$(by_getent)
elif have python3; then resolver=python3 found=$(by_python)
elif have dig; then resolver=dig found=$(by_dig)
elif have nslookup; then resolver=nslookup found=$(by_nslookup)
else found=''
fi
# shellcheck disable=SC2086 # one word for each address
add $found

tool=''
if have python3; then tool=connect_python
elif have bash && have timeout; then tool=connect_bash
elif have nc; then tool=connect_nc
elif have curl; then tool=connect_curl
fi

# A port is open only if each address answers; otherwise the worst of what they do counts.
state_of() { # PORT
    worst=untested
    [ -n "$tool" ] && [ -n "$addresses" ] || { echo untested; return 0; }
    for address in $addresses; do
        state=$("$tool" "$address" "$1")
        say "  $address, port $1: ${state:-untested}"
        case "${state:-untested} $worst" in
            'untested '*) echo untested; return 0 ;;
            'timeout '*) worst=timeout ;;
            'refused untested' | 'refused open') worst=refused ;;
            'open untested') worst=open ;;
        esac
    done
    echo "$worst"
}

say "Looking at $host from here. Nothing is changed."
[ "$resolver" != none ] || say "  This host has no means to resolve a name: no getent, python3, dig or nslookup."
[ -n "$tool" ] || say "  This host has no means to connect: no python3, no bash with timeout, no nc, no curl."
[ "$resolver" = none ] || [ -n "$addresses" ] || say "  The name does not resolve here."
list=''
for address in $addresses; do list="$list${list:+, }\"$address\""; done
states=''
for port in $ports; do states="$states${states:+, }\"$port\": \"$(state_of "$port")\""; done
printf '{"format": 1, "host": "%s", "resolver": "%s", "addresses": [%s], "ports": {%s}, "checked_at": "%s"}\n' \
    "$host" "$resolver" "$list" "$states" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
say "Done. Give us the line in braces: upload it as a file, or paste it."
)
