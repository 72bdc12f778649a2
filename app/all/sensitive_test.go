package all_test

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"gonghui/app/module/mask"
	modulev1 "gonghui/app/module/v1"
	"gonghui/tenant/access"
)

// telling are words in the name of a field that tells of a person.
var telling = []string{
	"id_number", "id_card", "identity_number", "phone", "mobile", "telephone", "bank", "card_no", "account_no", "address", "birth", "email", "mail",
	"health", "disease", "disability", "income", "salary", "wage", "passport", "household", "real_name", "member_name", "person_name",
}

// harmless are fields of replies that have such a name and no mark, each with the reason.
var harmless = map[string]string{
	"app.org.v1.Profile.phone":                        "the body's own telephone, which it publishes",
	"app.org.v1.Profile.address":                      "the body's own address, which it publishes",
	"app.identity.v1.SignInWithCodeReply.phone_token": "a random token, no number",
}

// unmasked are the RPCs that answer with sensitive fields in full, each with the reason.
var unmasked = map[string]string{
	"/app.member.v1.MemberService/RevealMember":        "it is what shows numbers in full: a right of its own, a reason, an audit row",
	"/app.member.v1.MemberService/ExportOwn":           "a member's right to all that is kept of them",
	"/app.identity.v1.AccountService/ExportOwnAccount": "a person's right to all that is kept of them",
}

// fieldsOf calls f with every field of a message and of those below it.
func fieldsOf(d protoreflect.MessageDescriptor, seen map[protoreflect.FullName]bool, f func(protoreflect.FieldDescriptor)) {
	if seen[d.FullName()] {
		return
	}
	seen[d.FullName()] = true
	for i := range d.Fields().Len() {
		field := d.Fields().Get(i)
		f(field)
		if m := field.Message(); m != nil {
			fieldsOf(m, seen, f)
		}
	}
}

// A reply that tells of a person says so in its proto, and one in full is the exception.
func TestEveryReplyMarksWhatIsSensitive(t *testing.T) {
	seen, met := map[protoreflect.FullName]bool{}, map[string]bool{}
	marked := 0
	for _, r := range product(t).Routes() {
		if r.Output == nil {
			continue
		}
		fieldsOf(r.Output, seen, func(f protoreflect.FieldDescriptor) {
			kind, by := mask.Kind(f)
			name := string(f.FullName())
			switch {
			case kind != modulev1.Sensitive_SENSITIVE_NONE || by != "":
				marked++
			case f.Kind() != protoreflect.StringKind && f.Kind() != protoreflect.Int64Kind && f.Kind() != protoreflect.Int32Kind:
			case f.IsMap():
			default:
				for _, word := range telling {
					if !strings.Contains(string(f.Name()), word) {
						continue
					}
					met[name] = true
					if harmless[name] == "" {
						t.Errorf("%s looks like something of a person: mark it sensitive, or say here why not", name)
					}
					break
				}
			}
		})
		if r.Level != modulev1.Level_LEVEL_FULL || mask.Of(r.Output) == nil || r.Capability == access.Inner {
			continue
		}
		met[r.Operation] = true
		if unmasked[r.Operation] == "" {
			t.Errorf("%s answers with sensitive fields in full: give it level MASKED, or say here why", r.Operation)
		}
	}
	for name := range harmless {
		if !met[name] {
			t.Errorf("%s is on the list of harmless fields but no reply has it unmarked", name)
		}
	}
	for name := range unmasked {
		if !met[name] {
			t.Errorf("%s is on the list of RPCs that answer in full but does not", name)
		}
	}
	if marked < 10 {
		t.Errorf("only %d marked fields", marked)
	}
}
