#!/bin/sh
# From bytes to events: Jazzer looks for a callback that fails, loses an item or becomes an event nobody can read. It begins with the
# fixtures and goes where it sees something new. The providers' own routes and mappings, in this process, without port and broker.
#   src/fuzz/fuzz.sh                              ten minutes, the same for each provider
#   src/fuzz/fuzz.sh minutes=60 provider=infobip  an hour of one
#   src/fuzz/fuzz.sh minutes=60 seed=4711
# What it has learned stays in target/fuzz/corpus/<provider> and is gone on with; what it found is in target/fuzz/findings, which must be
# empty at the end. Needs a JDK 17 and Maven, and x86-64. More: docs/fuzzing.md
set -eu
cd "$(dirname "$(readlink -f "$0")")/../.."
minutes=10
seed=1
provider=
for argument; do
    case $argument in
        minutes=*) minutes=${argument#*=} ;;
        seed=*) seed=${argument#*=} ;;
        provider=*) provider=${argument#*=} ;;
        *) echo "unknown: $argument" >&2; exit 2 ;;
    esac
done
providers=${provider:-$(cd routes && for each in *; do [ ! -f "$each/$each.camel.yaml" ] || echo "$each"; done)}
seconds=$((minutes * 60 / $(echo "$providers" | wc -w)))

folder=$PWD/target/fuzz
rm -rf "$folder/classes"
mkdir -p "$folder/classes" "$folder/findings"
mvn -q -B test-compile dependency:build-classpath -DincludeScope=test -Dmdep.outputFile="$folder/classpath"
mvn -q -B -f src/fuzz/pom.xml dependency:copy-dependencies -DoutputDirectory="$folder/lib"
classpath="$folder/classes:$PWD/target/classes:$PWD/target/test-classes:$(cat "$folder/classpath"):$folder/lib/*"
javac -d "$folder/classes" -cp "$classpath" $(find src/fuzz/java -name '*.java')

# For so many seconds, from this seed; with an error where something was found, or where Jazzer itself has ended
fuzz() {
    java -Xmx768m -Dprovider="$1" -Dlog4j2.configurationFile="$PWD/src/fuzz/log4j2.properties" \
        -XX:ErrorFile="$folder/jazzer.error" -cp "$classpath" com.code_intelligence.jazzer.Jazzer \
        --target_class=org.smscallbacks.fuzz.BytesToEvents \
        --instrumentation_includes='org.smscallbacks.**:com.schibsted.spt.data.jslt.**:com.fasterxml.jackson.**:com.ctc.wstx.**:com.ethlo.time.**' \
        --instrumentation_excludes='org.smscallbacks.fuzz.**' --keep_going=20 --reproducer_path="$folder/classes" \
        "$corpus" -artifact_prefix="$folder/findings/$1-" -dict="$corpus.words" \
        -max_total_time="$2" -seed="$3" -max_len=16384 -timeout=60 -rss_limit_mb=0 -print_final_stats=1
}

for each in $providers; do
    corpus=$folder/corpus/$each
    log=$folder/$each.log
    java -cp "$classpath" org.smscallbacks.fuzz.Corpus "$each" "$corpus"
    : > "$log"
    end=$(($(date +%s) + seconds))
    again=$seed
    while left=$((end - $(date +%s))) && [ "$left" -gt 10 ]; do
        fuzz "$each" "$left" "$again" >> "$log" 2>&1 || true
        # its native code crashes now and then, with no bytes of ours: it goes on from what it has learned
        find "$folder/findings" -size 0 -delete
        again=$((again + 1))
    done
    echo "FUZZED $each: $(awk '/number_of_executed_units/ {sum += $2} END {print sum + 0}' "$log") executions," \
        "slowest $(sed -n 's/^FUZZED.*slowest \([0-9]*\) ms/\1/p' "$log" | sort -n | tail -1) ms," \
        "Jazzer began $((again - seed)) times"
done
found=$(ls "$folder/findings" | wc -l)
echo "findings: $found (target/fuzz/findings; what each is, in target/fuzz/<provider>.log)"
[ "$found" = 0 ]
