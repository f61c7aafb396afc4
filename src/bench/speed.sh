#!/bin/sh
# How fast the gateway is, side by side with the same job written by hand and done the usual way: what is measured, and how, stands in
# the classes beside this file.
#   src/bench/speed.sh              the full table, 30 minutes; the machine should have nothing else to do
#   src/bench/speed.sh bars         what is quoted of it, 22 minutes
#   src/bench/speed.sh short        4 minutes, only a glance
#   src/bench/speed.sh growth [n]   queues with up to n events (10000000: 30 GB of disk), up to 100 targets, callbacks up to 10 000 items
# Leaves report.md and speed.svg (growth.md) in target/bench. Needs a JDK 17 or newer and Maven, and on Linux libaio for the
# faster journal; the java of the path is what is measured.
set -eu
cd "$(dirname "$(readlink -f "$0")")/../.."
plan=${1:-full} most=${2:-10000000}
folder=$PWD/target/bench

rm -rf "$folder/distribution" "$folder/homes" "$folder/classes"
mkdir -p "$folder/distribution" "$folder/classes"
mvn -q -B -DskipTests package
tar xzf target/sms-callback-routes-*.tar.gz -C "$folder/distribution" --strip-components=1
mvn -q -B -f src/bench/pom.xml dependency:copy-dependencies -DoutputDirectory="$folder/spring"
libraries="$folder/distribution/lib/*"
javac -d "$folder/classes" -cp "$libraries:$folder/spring/*" $(find src/bench/java -name '*.java')
exec java -Xmx2g -cp "$folder/classes:$libraries" org.smscallbacks.bench.Bench "$plan" "$folder" "$most"
