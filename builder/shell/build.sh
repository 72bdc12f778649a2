#!/usr/bin/env bash
# Makes classes.dex from src/main, tests it, and notes what it was made of.
#
#   build.sh          compile, test, write classes.dex and classes.sum
#   build.sh prove    compile into a folder of its own; fail unless the dex made is the committed one
#   build.sh fetch    bring the tools into Maven's cache, from which all else works without a network
#   build.sh mutate   run the tests on mutants of the classes, write mutants.sum and MUTANTS.md; with a number: work for so many
#                     seconds and go on from there the next time, exit status 3 while mutants are left
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

classpath() { "${mvn[@]}" "$@" dependency:build-classpath -Dmdep.includeScope=test "-Dmdep.outputFile=$target/classpath"; }

# mutate runs what is left of the mutants of the classes that the dex is made of.
mutate() {
    local out=$target/mutate
    link
    "${mvn[@]}" -o test-compile
    classpath -o
    dex "$PWD/$target/classes.dex"
    cmp "$target/classes.dex" classes.dex
    # Results of other classes say nothing about these.
    local of
    of=$(find "$target/classes" mutate/app -type f | LC_ALL=C sort | xargs cat | sha256sum)
    if [[ $(cat "$out/of" 2>/dev/null) != "$of" ]]; then
        rm -rf "$out"
        mkdir -p "$out"
        echo "$of" >"$out/of"
    fi
    local jars
    jars=$(cat "$target/classpath"):$target/android/monitor.jar:$target/android/idling.jar
    mkdir -p "$out/classes" "$out/lines"
    javac -nowarn -Xlint:none --release 17 -cp "$jars" -d "$out/classes" mutate/app/gonghui/mutate/*.java
    find src/main -name '*.java' -exec javac -nowarn -Xlint:none -proc:none --release 8 -g:lines -cp "$jars" -d "$out/lines" {} +
    printf 'Premain-Class: app.gonghui.mutate.Swap\n' >"$out/manifest"
    jar --create --file "$out/mutate.jar" --manifest "$out/manifest" -C "$out/classes" .
    # In a folder of its own: a mutant may write where the shell does not.
    local here=$PWD
    mkdir -p "$out/work"
    ln -sfn "$here/$target" "$out/work/target"
    cd "$out/work"
    java "-javaagent:$here/$out/mutate.jar" --add-opens=java.base/java.io=ALL-UNNAMED -Xmx1500m -XX:TieredStopAtLevel=1 \
        -Drobolectric.offline=true "-Drobolectric.dependency.dir=$here/$target/android" \
        -cp "target/test-classes:target/classes:$jars:$here/$out/mutate.jar" \
        app.gonghui.mutate.Main target/classes "$here/$out/lines" target/test-classes "$here/$out/results.tsv" "$1" >"$here/$out/log" 2>&1
}

case ${1:-} in
mutate)
    # Not within a condition: there an error would not end it.
    set +e
    (set -e; mutate "${2:-86400}")
    status=$?
    set -e
    if ((status)); then
        tail -n 3 "$target/mutate/log" >&2
        exit "$status"
    fi
    go run ./mutate "$target/mutate/results.tsv"
    ;;
fetch)
    for v in "${android[@]}"; do
        [[ -f $(sdk "$v") ]] || "${mvn[@]}" dependency:get -Dtransitive=false "-Dartifact=org.robolectric:android-all-instrumented:$v"
    done
    "${mvn[@]}" test-compile
    classpath
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
    sed -n '2,10p' "$0" >&2
    exit 2
    ;;
esac
