// Package frugal is for tests of readers: what others have written must not make them use more memory than it is worth.
package frugal

import (
	"runtime"
	"testing"
)

// base is what a reader may take for nothing, in bytes: a decompressor, a hash, errors.
const base = 1 << 20

// Check fails the test if f takes more than times the input's length, in bytes, and something for nothing. No other goroutine may
// be at work.
func Check(t testing.TB, length, times int, f func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > uint64(times*length+base) {
		t.Errorf("%d bytes for an input of %d", took, length)
	}
}
