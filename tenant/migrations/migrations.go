// Package migrations holds the kernel's own tables: of the platform, of a cell, and the core that every tenant has.
package migrations

import "embed"

// Schemas makes the schemas that are the same in every database.
//
//go:embed schemas.sql
var Schemas string

// Platform is applied once in the home cluster.
//
//go:embed platform/*.sql
var Platform embed.FS

// Cell is applied once in every cluster.
//
//go:embed cell/*.sql
var Cell embed.FS

// Tenant is the core of every tenant schema.
//
//go:embed tenant/*.sql
var Tenant embed.FS
