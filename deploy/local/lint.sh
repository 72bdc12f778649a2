#!/usr/bin/env bash
# Form and common mistakes, in Go and TypeScript.
cd "$(dirname "$0")/../.."
. deploy/local/tools.sh
unformatted=$(git ls-files '*.go' | grep -vE '\.pb\.go$|/internal/db/|wire_gen' | xargs gofumpt -l)
[ -z "$unformatted" ] || { echo "not formatted:"; echo "$unformatted"; exit 1; }
go vet ./...
staticcheck ./...
(cd app/web && npm run --silent lint && npm run --silent typecheck)
