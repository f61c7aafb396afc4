#!/bin/sh
# Does the gateway lose an acknowledged event, whatever happens to it? Providers, consumers, targets and faults are played against the
# real distribution, and every queue is read and compared by id. What each fault does stands in the classes beside this file.
#   src/chaos/chaos.sh                            ten minutes of everything
#   src/chaos/chaos.sh minutes=60 faults=kill,disk   an hour of these
#   src/chaos/chaos.sh minutes=60 faults=kill strikes=8   eight times as many in each trial
#   src/chaos/chaos.sh trials=1 seed=4711 faults=kill   one trial again
#   src/chaos/chaos.sh trials=3 faults=failover,partition   with brokers of your own: docs/brokers.md
#   src/chaos/chaos.sh trials=1 faults=failover broker=2.44.0   with those of a whole distribution of Artemis
#   src/chaos/chaos.sh trials=1 faults=freeze fence=yes   with docs/brokers/fence.sh beside each of them
#   src/chaos/chaos.sh mutants                    whether the trials can fail: each of these gateways must be caught
#   src/chaos/chaos.sh report                     the totals of all runs so far
# Results add up in target/chaos/results.jsonl; report.md beside it is made of them. Needs a JDK 17 and Maven; disk needs root. More: docs/trials.md
set -eu
cd "$(dirname "$(readlink -f "$0")")/../.."
folder=$PWD/target/chaos
[ "$#" -gt 0 ] || set -- minutes=10

rm -rf "$folder/distribution" "$folder/classes"
mkdir -p "$folder/distribution" "$folder/classes"
mvn -q -B -DskipTests package
tar xzf target/sms-callback-routes-*.tar.gz -C "$folder/distribution" --strip-components=1
mvn -q -B -f src/chaos/pom.xml dependency:copy-dependencies -DoutputDirectory="$folder/lib"
case "$*" in *witness* | *freeze* | *partition* | *broker=*)
    [ -d "$folder/artemis" ] || mvn -q -B -f src/chaos/brokers-pom.xml dependency:copy-dependencies dependency:unpack -Dfolder="$folder" ;;
esac
classpath="$folder/distribution/lib/*:$folder/lib/*"
javac -d "$folder/classes" -cp "$classpath" $(find src/chaos/java -name '*.java')
exec java -Xmx512m -Dcommit="$(git rev-parse --short HEAD 2>/dev/null || echo unknown)" \
    -Dlog4j2.configurationFile="$PWD/src/chaos/log4j2.properties" -cp "$folder/classes:$classpath" org.smscallbacks.chaos.Chaos "$folder" "$@"
