// Package all is the product: the modules that are in it, one line each.
package all

import (
	_ "gonghui/app/demo"
	_ "gonghui/app/identity"
	_ "gonghui/app/member"
	_ "gonghui/app/org"
	_ "gonghui/branding"
	_ "gonghui/builder"
	_ "gonghui/media/meeting"
	_ "gonghui/tenant/access"
	_ "gonghui/tenant/audit"
	_ "gonghui/tenant/directory"
	_ "gonghui/tenant/menu"
	_ "gonghui/tenant/rollup"
	_ "gonghui/tenant/supervise"
)
