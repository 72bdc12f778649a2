package directory_test

import (
	"testing"

	"gonghui/tenant/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }
