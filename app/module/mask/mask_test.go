package mask_test

import (
	"fmt"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	identityv1 "gonghui/app/identity/v1"
	memberv1 "gonghui/app/member/v1"
	"gonghui/app/module/mask"
	modulev1 "gonghui/app/module/v1"
)

func TestText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind     modulev1.Sensitive
		in, want string
	}{
		{modulev1.Sensitive_SENSITIVE_NONE, "任何", "任何"},
		{modulev1.Sensitive_SENSITIVE_ID_NUMBER, "440103199001010123", "440***********0123"},
		{modulev1.Sensitive_SENSITIVE_ID_NUMBER, "11010519491231002X", "110***********002X"},
		{modulev1.Sensitive_SENSITIVE_ID_NUMBER, "CAN110081080312", "CAN********0312"},
		{modulev1.Sensitive_SENSITIVE_ID_NUMBER, "H12345678", "H*****678"},
		{modulev1.Sensitive_SENSITIVE_ID_NUMBER, "E1234", "****4"},
		{modulev1.Sensitive_SENSITIVE_PHONE, "13800138000", "138****8000"},
		{modulev1.Sensitive_SENSITIVE_PHONE, "", ""},
		{modulev1.Sensitive_SENSITIVE_BANK_CARD, "6222021234567891234", "***************1234"},
		{modulev1.Sensitive_SENSITIVE_BANK_CARD, "12345678901", "***********"},
		{modulev1.Sensitive_SENSITIVE_EMAIL, "zhang.san@example.org", "z****@example.org"},
		{modulev1.Sensitive_SENSITIVE_EMAIL, "@example.org", "****"},
		{modulev1.Sensitive_SENSITIVE_EMAIL, "nobody", "****"},
		{modulev1.Sensitive_SENSITIVE_NAME, "张小三", "张*三"},
		{modulev1.Sensitive_SENSITIVE_NAME, "张三", "张*"},
		{modulev1.Sensitive_SENSITIVE_NAME, "张", "*"},
		{modulev1.Sensitive_SENSITIVE_NAME, "买买提·吐尔逊", "买*****逊"},
		{modulev1.Sensitive_SENSITIVE_NAME, "欧阳小三", "欧**三"},
		{modulev1.Sensitive_SENSITIVE_ADDRESS, "广东省广州市越秀区东风中路1号", "广东省广州市越秀区****"},
		{modulev1.Sensitive_SENSITIVE_ADDRESS, "内蒙古自治区呼伦贝尔市莫力达瓦达斡尔族自治旗尼尔基镇2号", "内蒙古自治区呼伦贝尔市莫力达瓦达斡尔族自治旗****"},
		{modulev1.Sensitive_SENSITIVE_ADDRESS, "广东省广州市3号楼天河区", "广东省广州市****"},
		{modulev1.Sensitive_SENSITIVE_ADDRESS, "东风中路1号院海珠区", "****"},
		{modulev1.Sensitive_SENSITIVE_BIRTHDAY, "1990-05-12", "1990-**-**"},
		{modulev1.Sensitive_SENSITIVE_BIRTHDAY, "1990年5月", "****"},
		{modulev1.Sensitive_SENSITIVE_PRIVATE, "8500", "****"},
	} {
		got := mask.Text(tt.kind, tt.in)
		if got != tt.want {
			t.Errorf("%s of %s: %s, want %s", tt.kind, tt.in, got, tt.want)
		}
		if again := mask.Text(tt.kind, got); again != got {
			t.Errorf("%s of %s, masked twice: %s", tt.kind, tt.in, again)
		}
	}
}

func member(n int) *memberv1.Member {
	return &memberv1.Member{
		Id: fmt.Sprint(n), State: "active", MemberNo: "1234",
		Fields: &memberv1.MemberFields{Name: "张小三", IdKind: "citizen_id", IdNumber: "440103199001010123", Phone: "13800138000", Birth: "1990-01-01", Address: "广东省广州市越秀区东风中路1号", Employer: "一厂"},
	}
}

func TestReply(t *testing.T) {
	t.Parallel()
	full := func() *memberv1.ListMembersReply {
		return &memberv1.ListMembersReply{Members: []*memberv1.Member{member(1), member(2)}, Total: 2}
	}
	for _, tt := range []struct {
		depth mask.Depth
		want  *memberv1.MemberFields
	}{
		{mask.Nothing, member(1).Fields},
		{mask.Home, &memberv1.MemberFields{Name: "张小三", IdKind: "citizen_id", IdNumber: "440***********0123", Phone: "138****8000", Birth: "1990-01-01", Address: "广东省广州市越秀区东风中路1号", Employer: "一厂"}},
		{mask.Abroad, &memberv1.MemberFields{Name: "张*三", IdKind: "citizen_id", IdNumber: "440***********0123", Phone: "138****8000", Birth: "1990-**-**", Address: "广东省广州市越秀区****", Employer: "一厂"}},
		{mask.All, &memberv1.MemberFields{IdKind: "citizen_id", Employer: "一厂"}},
	} {
		r := full()
		mask.Reply(r, tt.depth)
		for _, m := range r.Members {
			if !proto.Equal(m.Fields, tt.want) {
				t.Errorf("depth %d: %v, want %v", tt.depth, m.Fields, tt.want)
			}
		}
		if r.Total != 2 || r.Members[1].Id != "2" || r.Members[1].MemberNo != "1234" {
			t.Errorf("depth %d: what is not marked changed: %v", tt.depth, r)
		}
	}
}

// A value is masked by the name of the field it belongs to.
func TestSibling(t *testing.T) {
	t.Parallel()
	changes := func() *memberv1.ChangeRequest {
		return &memberv1.ChangeRequest{MemberName: "张小三", Changes: []*memberv1.FieldChange{
			{Field: "phone", Before: "13800138000", After: "13900139000"}, {Field: "address", Before: "", After: "广州市越秀区1号"}, {Field: "employer", Before: "一厂", After: "二厂"},
		}}
	}
	home := changes()
	mask.Reply(home, mask.Home)
	if home.MemberName != "张小三" || home.Changes[0].Before != "138****8000" || home.Changes[0].After != "139****9000" || home.Changes[1].After != "广州市越秀区1号" || home.Changes[2].After != "二厂" {
		t.Errorf("at home: %v", home)
	}
	abroad := changes()
	mask.Reply(abroad, mask.Abroad)
	if abroad.MemberName != "张*三" || abroad.Changes[0].After != "139****9000" || abroad.Changes[1].After != "广州市越秀区****" || abroad.Changes[1].Before != "" || abroad.Changes[2].After != "二厂" {
		t.Errorf("abroad: %v", abroad)
	}
	none := changes()
	mask.Reply(none, mask.All)
	if none.MemberName != "" || none.Changes[0].After != "" || none.Changes[2].After != "" || none.Changes[2].Field != "employer" {
		t.Errorf("aggregate: %v", none)
	}
}

func TestNothingMarked(t *testing.T) {
	t.Parallel()
	if mask.Of((&memberv1.CheckPersonReply{}).ProtoReflect().Descriptor()) != nil {
		t.Error("a message without marks has a plan")
	}
	if mask.Of((&identityv1.SignInReply{}).ProtoReflect().Descriptor()) == nil {
		t.Error("the mark below a message is not found")
	}
	mask.Reply((*memberv1.Member)(nil), mask.All)
	mask.Reply(&memberv1.Member{}, mask.All)
}

// Every sibling that a mark names is a text of the same message.
func TestSiblingsExist(t *testing.T) {
	t.Parallel()
	n := 0
	var walk func(ms protoreflect.MessageDescriptors)
	walk = func(ms protoreflect.MessageDescriptors) {
		for i := range ms.Len() {
			d := ms.Get(i)
			for j := range d.Fields().Len() {
				f := d.Fields().Get(j)
				kind, by := mask.Kind(f)
				if by == "" {
					continue
				}
				n++
				if sibling := d.Fields().ByName(protoreflect.Name(by)); kind != 0 || sibling == nil || sibling.Kind() != protoreflect.StringKind || sibling.IsList() || f.Kind() != protoreflect.StringKind {
					t.Errorf("%s: no text field %q tells what its value is of", f.FullName(), by)
				}
			}
			walk(d.Messages())
		}
	}
	protoregistry.GlobalFiles.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		walk(f.Messages())
		return true
	})
	if n == 0 {
		t.Error("no field names a sibling")
	}
}

func TestUnmarkedCostsNothing(t *testing.T) {
	reply := &memberv1.CheckPersonReply{State: "free"}
	m := reply.ProtoReflect()
	plan := mask.Of(m.Descriptor())
	if n := testing.AllocsPerRun(1000, func() { plan.Apply(m, mask.Abroad) }); n != 0 {
		t.Errorf("%v allocations for a reply without marks", n)
	}
}

func BenchmarkUnmarked(b *testing.B) {
	m := (&memberv1.CheckPersonReply{State: "free"}).ProtoReflect()
	plan := mask.Of(m.Descriptor())
	b.ReportAllocs()
	for b.Loop() {
		plan.Apply(m, mask.Abroad)
	}
}

func BenchmarkPageOf50(b *testing.B) {
	for name, depth := range map[string]mask.Depth{"home": mask.Home, "abroad": mask.Abroad} {
		b.Run(name, func(b *testing.B) {
			reply := &memberv1.ListMembersReply{}
			for i := range 50 {
				reply.Members = append(reply.Members, member(i))
			}
			m := reply.ProtoReflect()
			plan := mask.Of(m.Descriptor())
			plain := member(0).Fields
			b.ReportAllocs()
			for b.Loop() {
				for _, r := range reply.Members {
					f := r.Fields
					f.Name, f.IdNumber, f.Phone, f.Birth, f.Address = plain.Name, plain.IdNumber, plain.Phone, plain.Birth, plain.Address
				}
				plan.Apply(m, depth)
			}
		})
	}
}

// What the page costs to be written as bytes, to compare with.
func BenchmarkPageOf50Marshal(b *testing.B) {
	reply := &memberv1.ListMembersReply{}
	for i := range 50 {
		reply.Members = append(reply.Members, member(i))
	}
	for b.Loop() {
		if _, err := proto.Marshal(reply); err != nil {
			b.Fatal(err)
		}
	}
}
