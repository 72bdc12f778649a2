package server

import (
	"errors"
	"strings"
	"testing"

	kerrors "github.com/go-kratos/kratos/v2/errors"
	"google.golang.org/protobuf/proto"

	directoryv1 "gonghui/tenant/directory/v1"

	identityv1 "gonghui/app/identity/v1"
	memberv1 "gonghui/app/member/v1"
)

func TestValidateNamesTheField(t *testing.T) {
	fields := func(change func(*memberv1.MemberFields)) proto.Message {
		f := &memberv1.MemberFields{Name: "何家乐", IdKind: "citizen_id", IdNumber: "11010519491231002X"}
		change(f)
		return &memberv1.CreateMemberRequest{Fields: f}
	}
	for name, tc := range map[string]struct {
		in    proto.Message
		field string
		zh    string
	}{
		"good":            {fields(func(*memberv1.MemberFields) {}), "", ""},
		"message missing": {&memberv1.CreateMemberRequest{}, "fields", "必填"},
		"empty":           {fields(func(f *memberv1.MemberFields) { f.Name = "" }), "fields.name", "必填"},
		"too long":        {fields(func(f *memberv1.MemberFields) { f.Name = strings.Repeat("长", 61) }), "fields.name", "最多 60 个字符"},
		"not a choice":    {fields(func(f *memberv1.MemberFields) { f.IdKind = "library_card" }), "fields.idKind", "不在可选范围内"},
		"pattern":         {fields(func(f *memberv1.MemberFields) { f.JoinedOn = "yesterday" }), "fields.joinedOn", "格式不正确"},
		"NUL":             {fields(func(f *memberv1.MemberFields) { f.Address = "a\x00b" }), "fields.address", "含有不可见的控制字符"},
		"number":          {&memberv1.ListMembersRequest{PageSize: 100_000}, "pageSize", "数值超出允许范围"},
		"uuid":            {&memberv1.GetMemberRequest{Id: "1 or 1=1"}, "id", "编号无效"},
		"too short":       {&identityv1.ChangePasswordRequest{OldPassword: "old", NewPassword: "short"}, "newPassword", "至少 8 个字符"},
		"code":            {&directoryv1.GetBodyRequest{Code: "../etc"}, "code", "格式不正确"},
	} {
		err := validate(tc.in)
		if tc.field == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		var e *kerrors.Error
		if !errors.As(err, &e) || e.Code != 400 || e.Metadata["field"] != tc.field || e.Metadata["zh"] != tc.zh || e.Metadata["en"] == "" {
			t.Errorf("%s: %v, want field %s: %s", name, err, tc.field, tc.zh)
		}
	}
}
