#!/usr/bin/env bash
# Runs every test, or the journeys alone: test.sh journeys. Each Go package starts the servers it needs by itself.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ "${1:-all}" = all ]; then
  go vet ./...
  # Packages with goroutines of their own run under the race detector.
  race=$(go list ./tenant/... ./deploy/local/... ./media/... ./app/identity/... ./app/server/... | grep -v /v1)
  rest=$(go list ./... | grep -vxF -e "$race" | grep -v /app/e2e)
  go test -race -p 2 -timeout 15m $race
  go test -run AllocatesNothing ./media/sfu # the detector allocates
  # Others' parsers of project files, for the tests of builder's channels.
  (cd third_party/readers && npm install --ignore-scripts --silent)
  go test -p 2 -timeout 15m $rest
  (cd app/web && npm run --silent typecheck && npm run --silent lint && npm test --silent)
fi
if [ -d app/e2e ]; then
  go test -p 1 -timeout 40m -count=1 ./app/e2e/...
fi
