#!/usr/bin/env bash
# Fails when generated code is not what its sources say. Works on a copy: the tree is not touched.
cd "$(dirname "$0")/../.."
. deploy/local/tools.sh
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard | xargs -0 tar cf - --ignore-failed-read 2>/dev/null | tar xf - -C "$copy"
bad=0
[ "$(sqlc_stamp)" = "$(cat sqlc.stamp 2>/dev/null)" ] || { echo "sqlc: queries, migrations or output changed: run make gen"; bad=1; }
[ -d app/web/node_modules ] || (cd app/web && npm install --silent)
ln -s "$PWD/app/web/node_modules" "$copy/app/web/node_modules"
(cd "$copy" && find app tenant branding builder -name '*.pb.go' -delete && buf generate && (cd app/web && npm run --silent gen) && (cd app/cmd/gonghui && wire >/dev/null 2>&1))
while read -r f; do
  cmp -s "$f" "$copy/$f" || { echo "$f differs from what its source says: run make gen"; bad=1; }
done < <(git ls-files --cached --others --exclude-standard -- '*.pb.go' '*wire_gen.go' 'app/web/api/openapi.yaml' 'app/web/api/src/schema.d.ts')
[ "$bad" = 0 ] && echo "generated code is up to date"
exit "$bad"
