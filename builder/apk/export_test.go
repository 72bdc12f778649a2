package apk

import "gonghui/builder/apk/zipfile"

// Read is what Verify does once the signatures have held.
func Read(a zipfile.Archive) error { return new(Facts).read(a) }
