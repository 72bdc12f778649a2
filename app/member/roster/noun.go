package roster

import "gonghui/tenant"

// noun is an import as far as people decide on it: not the rows read so far, nor who works on them.
var noun = tenant.Noun{Kind: "import", State: `select to_jsonb(i) - 'head' - 'progress' - 'reached' - 'worker' - 'lease_until' - 'attempts' from import i where i.id = $1`}
