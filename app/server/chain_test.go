package server

import (
	"errors"
	"net/http"
	"testing"

	kerrors "github.com/go-kratos/kratos/v2/errors"

	"gonghui/app/kit/fault"
)

func TestMissingNamesTheRight(t *testing.T) {
	forbidden := fault.Plain(http.StatusForbidden, "FORBIDDEN", "没有权限", "no right")
	e := kerrors.FromError(missing(forbidden, "member.read"))
	if e.Metadata["capability"] != "member.read" || e.Metadata["zh"] != "没有权限" || e.Code != http.StatusForbidden {
		t.Errorf("%v", e)
	}
	if _, told := forbidden.Metadata["capability"]; told {
		t.Error("the refusal that all share has learnt of one caller's right")
	}
	for _, other := range []error{fault.Plain(http.StatusNotFound, "NOT_FOUND", "没有", "nothing"), errors.New("broken")} {
		if missing(other, "member.read") != other {
			t.Errorf("%v has become another", other)
		}
	}
}
