#!/usr/bin/env bash
# Every fuzz target of the product, one after the other: seconds for each (FUZZTIME=10s), of a folder (FUZZ=media) or all.
set -euo pipefail
cd "$(dirname "$0")/../.."
export GOTOOLCHAIN=local
failed=0
while IFS=: read -r file _ line; do
  name=$(sed -E 's/^func (Fuzz[A-Za-z0-9_]*).*/\1/' <<<"$line")
  package=./$(dirname "$file")
  echo "$package $name"
  go test "$package" -run '^$' -fuzz "^$name\$" -fuzztime "${FUZZTIME:-10s}" || failed=1
done < <(grep -rn --include='*_test.go' --exclude-dir=node_modules '^func Fuzz' "${FUZZ:-.}" | sed 's|^\./||' | sort)
exit $failed
