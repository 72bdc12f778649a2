#!/usr/bin/env bash
# Makes classes.dex from src/main, tests it, and notes what it was made of.
#
#   build.sh          compile, test, write classes.dex and classes.sum
#   build.sh prove    compile into a folder of its own; fail unless the dex made is the committed one
#   build.sh fetch    bring the tools into Maven's cache, from which all else works without a network
#
# It needs a JDK 17, Maven and Go, at development time only: the product carries the dex.
set -euo pipefail
cd "$(dirname "$0")"
repository=${MAVEN_REPOSITORY:-$HOME/.m2/repository}
android=(15-robolectric-12650502-i7 5.0.2_r3-robolectric-r0-i7)
mvn=(mvn -q -B "-Dmaven.repo.local=$repository")
target=target

# tools is where Maven keeps the jars that it does not hand to tests by itself.
sdk() { echo "$repository/org/robolectric/android-all-instrumented/$1/android-all-instrumented-$1.jar"; }
dx=$repository/com/jakewharton/android/repackaged/dalvik-dx/16.0.1/dalvik-dx-16.0.1.jar

link() {
    mkdir -p "$target/android"
    for v in "${android[@]}"; do ln -sf "$(sdk "$v")" "$target/android/"; done
    unzip -p "$repository/androidx/test/monitor/1.7.2/monitor-1.7.2.aar" classes.jar >"$target/android/monitor.jar"
    unzip -p "$repository/androidx/test/espresso/espresso-idling-resource/3.6.1/espresso-idling-resource-3.6.1.aar" classes.jar >"$target/android/idling.jar"
    go run ./sample "$target/android/sample.apk"
}

dex() { # of the classes that the tests run on
    java -cp "$dx" com.android.dx.command.Main --dex --min-sdk-version=21 "--output=$1" "$target/classes"
}

sums() {
    echo "sources $(find src/main -type f | LC_ALL=C sort | xargs cat | sha256sum | cut -d' ' -f1)"
    echo "dex $(sha256sum classes.dex | cut -d' ' -f1)"
}

case ${1:-} in
fetch)
    for v in "${android[@]}"; do
        [[ -f $(sdk "$v") ]] || "${mvn[@]}" dependency:get -Dtransitive=false "-Dartifact=org.robolectric:android-all-instrumented:$v"
    done
    "${mvn[@]}" test-compile
    link
    "${mvn[@]}" test -Dtest=ConsentTest
    ;;
prove)
    # Surroundings of its own, so that proofs may run side by side.
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    cp -r pom.xml src "$work/"
    committed=$PWD/classes.dex
    cd "$work"
    "${mvn[@]}" -o compile
    dex "$work/classes.dex"
    cmp "$work/classes.dex" "$committed"
    ;;
"")
    rm -rf "$target/classes"
    link
    "${mvn[@]}" -o test -DtrimStackTrace=true
    dex "$PWD/classes.dex"
    sums >classes.sum
    ;;
*)
    sed -n '2,8p' "$0" >&2
    exit 2
    ;;
esac
