package chain

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/structpb"
)

var (
	key = Derive([]byte("secret of a test"))
	at  = time.Date(2026, 11, 22, 8, 30, 0, 123456000, time.UTC)
)

func row() *Row {
	account, identity := uuid.MustParse("018f0000-0000-7000-8000-000000000001"), uuid.MustParse("018f0000-0000-7000-8000-000000000002")
	return &Row{
		ID: uuid.MustParse("018f0000-0000-7000-8000-000000000003"), At: at, Account: &account, Identity: &identity,
		Who: "王芳", Role: "admin", Anchor: "440103", Body: "440103", Act: "member.update", Kind: "member", Object: "1", Result: "ok",
		Reason: "更正", Changed: `["phone"]`, Before: "b", After: "a", Source: "10.0.0.1", Request: "r",
	}
}

// Whatever of a row is changed, its digest is another one.
func TestEveryFieldCounts(t *testing.T) {
	want := key.Row("440103", row())
	if key.Row("440103", row()) != want {
		t.Fatal("the digest of a row is not always the same")
	}
	other := uuid.MustParse("018f0000-0000-7000-8000-00000000000f")
	for i := range reflect.TypeFor[Row]().NumField() {
		r := row()
		f := reflect.ValueOf(r).Elem().Field(i)
		name := reflect.TypeFor[Row]().Field(i).Name
		switch f.Interface().(type) {
		case string:
			f.SetString(f.String() + "x")
		case time.Time:
			f.Set(reflect.ValueOf(at.Add(time.Microsecond)))
		case uuid.UUID:
			f.Set(reflect.ValueOf(other))
		case *uuid.UUID:
			f.Set(reflect.ValueOf(&other))
		default:
			t.Fatalf("%s: no change is known for a %s", name, f.Type())
		}
		if key.Row("440103", r) == want {
			t.Errorf("%s changed, the digest did not", name)
		}
		if f.Kind() == reflect.Pointer {
			f.SetZero()
			if key.Row("440103", r) == want {
				t.Errorf("%s is gone, the digest did not change", name)
			}
		}
	}
	if key.Row("440104", row()) == want {
		t.Error("the digest holds in another trail")
	}
	if Derive([]byte("another secret")).Row("440103", row()) == want {
		t.Error("the digest holds under another key")
	}
	// What moves from one field into the next is a change.
	r := row()
	r.Kind, r.Object = "member1", ""
	if key.Row("440103", r) == want {
		t.Error("fields run into each other")
	}
}

func TestLinkAndHead(t *testing.T) {
	d := key.Row("a", row())
	want := Link(Sum{}, 1, row().ID, d)
	for what, other := range map[string]Sum{
		"another link before": Link(want, 1, row().ID, d),
		"another place":       Link(Sum{}, 2, row().ID, d),
		"another row":         Link(Sum{}, 1, uuid.Nil, d),
		"another digest":      Link(Sum{}, 1, row().ID, want),
	} {
		if other.Equal(want) {
			t.Errorf("%s gives the same link", what)
		}
	}
	h := Head{Trail: "a", Count: 1, Hash: want, At: at}
	sign := key.Head(h)
	for what, other := range map[string]Head{
		"trail": {"b", 1, want, at}, "count": {"a", 2, want, at}, "hash": {"a", 1, Sum{}, at}, "time": {"a", 1, want, at.Add(time.Second)},
	} {
		if key.Head(other) == sign {
			t.Errorf("another %s has the same signature", what)
		}
	}
	if key.Head(h) != sign || len(key) == 0 {
		t.Error("a signature is not always the same")
	}
}

func TestState(t *testing.T) {
	type state struct{ Phone string }
	a := key.State("member", "1", state{"13900000000"})
	if len(a) != 43 || a != key.State("member", "1", state{"13900000000"}) {
		t.Errorf("%q: want the same 43 characters each time", a)
	}
	for what, b := range map[string]string{
		"another state":  key.State("member", "1", state{"13900000001"}),
		"another object": key.State("member", "2", state{"13900000000"}),
		"another kind":   key.State("officer", "1", state{"13900000000"}),
		"no state":       key.State("member", "1", nil),
	} {
		if a == b {
			t.Errorf("%s has the same digest", what)
		}
	}
}

// A state reads the same whoever writes it down: as a row of the database, as a value, as a message.
func TestCanonical(t *testing.T) {
	type value struct {
		Size int64  `json:"size"`
		Name string `json:"name"`
	}
	want := `{"name":"<五一>","size":9007199254740993}`
	for what, state := range map[string]any{
		"a row":   json.RawMessage(`{"size": 9007199254740993, "name": "<五一>"}`),
		"a value": value{9007199254740993, "<五一>"},
		"a map":   map[string]any{"name": "<五一>", "size": int64(9007199254740993)},
	} {
		if got, err := Canonical(state); err != nil || string(got) != want {
			t.Errorf("%s: %s %v", what, got, err)
		}
	}
	message, err := structpb.NewStruct(map[string]any{"b": 1, "a": "x"})
	if err != nil {
		t.Fatal(err)
	}
	for range 20 { // protobuf puts spaces into its JSON at random
		if got, err := Canonical(message); err != nil || string(got) != `{"a":"x","b":1}` {
			t.Fatalf("a message: %s %v", got, err)
		}
	}
}
