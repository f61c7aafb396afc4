#!/bin/bash
# Ends a broker that hangs, before it can go on beside the one that has taken over from it: docs/brokers.md, "A broker that hangs".
# On each machine of a pair that replicates, beside its broker, whose supervisor starts it again:
#   fence.sh broker-a:61616 systemctl kill --signal=KILL artemis.service
set -u
host=${1%:*} port=${1##*:}
shift

# Both less than two thirds of session-ms of the witnesses, 10 s: the other one is live no sooner.
answers_within=4
longest_step=6

# Begins to speak AMQP. 0: it answers, 124: it does not in time, anything else: it lets nobody connect, so it is not live.
ask() {
    timeout "$answers_within" bash -c 'exec 3<> "/dev/tcp/$0/$1" && printf "AMQP\3\1\0\0" >&3 && head -c 4 <&3 > /dev/null' "$host" "$port" 2> /dev/null
}

# Whether the machine, and this script with it, stood still since the last step. Not by the clock, which can be set.
stood_still() {
    local before=$seconds
    read -r seconds _ < /proc/uptime
    seconds=${seconds%.*}
    [ $((seconds - before)) -gt "$longest_step" ]
}

end() {
    local why=$1
    shift
    "$@"
    has_answered=no
    echo "fence: $why, the broker has been ended"
}

# One that has just become live has all its clients at the door, and may be slow: it is watched from its first answer on.
has_answered=no
seconds=0
stood_still
while sleep 1; do
    if stood_still && [ "$has_answered" = yes ]; then
        end "this machine stood still" "$@"
    fi
    ask
    answer=$?
    if stood_still; then
        answer=124
    fi
    case $answer in
        0) has_answered=yes ;;
        124) [ "$has_answered" = no ] || end "no answer" "$@" ;;
        *) has_answered=no ;;
    esac
done
