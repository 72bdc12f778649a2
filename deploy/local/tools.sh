# Sourced: builds the pinned generators into bin/tools once for each state of their pins.
set -euo pipefail
tools=$PWD/bin/tools
mkdir -p "$tools"
pins=$(cat third_party/tools/go.sum third_party/tools/package.json | sha256sum | cut -c1-16)
if [ "$(cat "$tools/.pins" 2>/dev/null)" != "$pins" ]; then
  echo "building the generators"
  (cd third_party/tools && GOBIN=$tools go install tool && npm install --silent)
  ln -sf "$PWD/third_party/tools/node_modules/.bin/buf" "$tools/buf"
  echo "$pins" > "$tools/.pins"
fi
export PATH="$tools:$PATH"

# What sqlc reads and writes, and with which version: its stamp stands in for the run, which needs minutes to build.
sqlc_stamp() {
  {
    grep sqlc-dev/sqlc third_party/tools/sqlc/go.mod
    cat sqlc.yaml
    git ls-files --cached --others --exclude-standard -- '*.sql' '*/internal/db/*.go' | LC_ALL=C sort -u | while read -r f; do
      [ -f "$f" ] && sha256sum "$f"
    done
  } | sha256sum | cut -c1-64
}
