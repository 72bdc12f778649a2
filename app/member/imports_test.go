package member

import (
	"testing"

	"gonghui/app/kit/day"
	"gonghui/tenant/pgtest"
)

// BenchmarkImportRead is what the check of one row of an import costs the processor, seals and search keys included.
func BenchmarkImportRead(b *testing.B) {
	s := rules{New(host{env: pgtest.Open(b)})}
	today := day.Today()
	rows := people(10_000)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, faults := s.Read(rows[i%len(rows)], today); len(faults) > 0 {
			b.Fatal(faults)
		}
	}
}
