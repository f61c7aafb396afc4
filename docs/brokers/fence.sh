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

seconds=0
stood_still
while sleep 1; do
    if stood_still; then
        "$@"
        echo "fence: this machine stood still, its broker has been ended"
    fi
    ask
    answer=$?
    if stood_still || [ "$answer" -eq 124 ]; then
        "$@"
        echo "fence: the broker did not answer, it has been ended"
    fi
done
