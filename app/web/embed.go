// Package web carries the built web apps inside the binary: console, hq, meet and member, each in a folder of its name.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// FS returns the built apps: console/index.html, hq/index.html, meet/index.html, member/index.html and their assets. A binary
// built without the web has an empty folder, and the server then says so.
func FS() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // dist is embedded above: it cannot be missing
	}
	return sub
}

// OpenAPI describes every RPC over HTTP; it is generated from the protos.
//
//go:embed api/openapi.yaml
var OpenAPI []byte
