# Sourced by the scripts beside it: a JDK 25, the class path of the benchmarks, and where results go.
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
data=${BENCH_DATA:-$here/target/models}
results=${BENCH_RESULTS:-$here/target/results}
mkdir -p "$data" "$results"

find_java() {
    for home in "${PARLO_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*25*; do
        if [ -x "$home/bin/java" ] && grep -q '^JAVA_VERSION="25' "$home/release" 2>/dev/null; then
            echo "$home"
            return
        fi
    done
    echo "A JDK 25 is needed; set PARLO_JAVA_HOME" >&2
    exit 1
}
JAVA_HOME=$(find_java)
export JAVA_HOME

build() {
    (cd "$root" && mvn -q -B -Pbenchmarks -pl benchmarks -am test-compile)
}

# bench CLASS ARGUMENTS...: a benchmark, named below dev.parlo, in a JVM of its own
bench() {
    class=$1
    shift
    ${PIN:-} "$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
        -XX:+UseSerialGC -Xmx"${HEAP:-1g}" \
        -cp "$here/target/classes:$(cat "$here/target/classpath.txt")" "dev.parlo.$class" "$@"
}

pin_to() {
    command -v taskset >/dev/null && echo "taskset -c $1"
}
