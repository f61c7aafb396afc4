#!/bin/sh
# What waiting retries and backlogs cost: see WaitingRetries.java beside this file. Takes some minutes and some GB of disk.
#   src/bench/waiting-retries.sh [events that wait [retries due at once [events in a work queue [folder]]]]
# Needs the distribution: mvn -q -DskipTests package. The report is left as waiting-retries.md in the folder.
set -eu
cd "$(dirname "$(readlink -f "$0")")/../.."
waiting=${1:-1000000} due=${2:-100000} backlog=${3:-200000} folder=${4:-target/bench}

mkdir -p "$folder"
folder=$(readlink -f "$folder")
gateway=$folder/gateway
rm -rf "$gateway"
mkdir "$gateway"
trap 'rm -rf "$gateway"' EXIT
tar xzf target/sms-callback-routes-*.tar.gz -C "$gateway" --strip-components=1
java -Xmx1g -cp "$gateway/lib/*" src/bench/WaitingRetries.java "$gateway" "$folder" "$waiting" "$due" "$backlog"
