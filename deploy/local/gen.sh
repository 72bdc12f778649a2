#!/usr/bin/env bash
# Writes all generated code anew.
cd "$(dirname "$0")/../.."
. deploy/local/tools.sh
buf generate
if ! [ -x bin/tools/sqlc ]; then
  echo "building sqlc (some minutes, once)"
  (cd third_party/tools/sqlc && GOBIN=$tools go install github.com/sqlc-dev/sqlc/cmd/sqlc)
fi
sqlc generate
sqlc_stamp > sqlc.stamp
(cd app/cmd/gonghui && wire)
[ -d app/web/node_modules ] || (cd app/web && npm install --silent)
(cd app/web && npm run --silent gen)
