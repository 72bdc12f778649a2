// Package shell is the code of the Android app: a web view that knows no body, compiled once (see build.sh) and put into every
// package as it is. What differs from body to body it reads from assets/config.json.
package shell

import (
	_ "embed"
	"sync"

	"gonghui/builder/apk/zipfile"
)

// Names that manifests give in full, so that the application id can be any.
const (
	Activity = "app.gonghui.shell.MainActivity"
	Provider = "app.gonghui.shell.Files"
)

//go:embed classes.dex
var dex []byte

// File is the code as a file of a package, compressed once.
var File = sync.OnceValue(func() zipfile.File { return zipfile.Deflated("classes.dex", dex) })
