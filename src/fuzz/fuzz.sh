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

for each in $providers; do
    corpus=$folder/corpus/$each
    java -cp "$classpath" org.smscallbacks.fuzz.Corpus "$each" "$corpus"
    # Jazzer ends with an error where it has found something; the others are looked at all the same
    java -Xmx768m -Dprovider="$each" -Dlog4j2.configurationFile="$PWD/src/fuzz/log4j2.properties" -cp "$classpath" com.code_intelligence.jazzer.Jazzer \
        --target_class=org.smscallbacks.fuzz.BytesToEvents \
        --instrumentation_includes='org.smscallbacks.**:com.schibsted.spt.data.jslt.**:com.fasterxml.jackson.**:com.ctc.wstx.**:com.ethlo.time.**' \
        --instrumentation_excludes='org.smscallbacks.fuzz.**' --keep_going=20 --reproducer_path="$folder/classes" \
        "$corpus" -artifact_prefix="$folder/findings/$each-" -dict="$corpus.words" \
        -max_total_time="$seconds" -seed="$seed" -max_len=16384 -timeout=60 -rss_limit_mb=0 -print_final_stats=1 \
        > "$folder/$each.log" 2>&1 || true
    grep FUZZED "$folder/$each.log" || { tail -20 "$folder/$each.log"; exit 1; }
done
found=$(ls "$folder/findings" | wc -l)
echo "findings: $found (target/fuzz/findings; what each is, in target/fuzz/<provider>.log)"
[ "$found" = 0 ]
