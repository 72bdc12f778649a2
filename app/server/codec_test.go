package server

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gorilla/mux"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	memberv1 "gonghui/app/member/v1"
	rollupv1 "gonghui/tenant/rollup/v1"
)

func TestDecodePath(t *testing.T) {
	for _, tc := range []struct {
		name string
		vars map[string]string
		into proto.Message
		want proto.Message
	}{
		{"text", map[string]string{"id": "0199"}, &memberv1.GetMemberRequest{}, &memberv1.GetMemberRequest{Id: "0199"}},
		{"over what the body said", map[string]string{"id": "b"}, &memberv1.EndMembershipRequest{Id: "a", Reason: "r"}, &memberv1.EndMembershipRequest{Id: "b", Reason: "r"}},
		{"number, by the general decoder", map[string]string{"days": "7"}, &rollupv1.GetFiguresRequest{}, &rollupv1.GetFiguresRequest{Days: 7}},
		{"none", nil, &memberv1.GetMemberRequest{}, &memberv1.GetMemberRequest{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := mux.SetURLVars(httptest.NewRequest(http.MethodGet, "/", nil), tc.vars)
			if err := decodePath(r, tc.into); err != nil || !proto.Equal(tc.into, tc.want) {
				t.Errorf("got %v, %v, want %v", tc.into, err, tc.want)
			}
		})
	}
	r := mux.SetURLVars(httptest.NewRequest(http.MethodGet, "/", nil), map[string]string{"days": "many"})
	if err := decodePath(r, &rollupv1.GetFiguresRequest{}); err == nil {
		t.Error("a number that is none was taken")
	}
}

// TestEncodeReply makes sure that a reused buffer leaves nothing behind.
func TestEncodeReply(t *testing.T) {
	for _, id := range []string{"a long id of the first reply", "b"} {
		w, got, want := httptest.NewRecorder(), &memberv1.GetMemberRequest{}, &memberv1.GetMemberRequest{Id: id}
		if err := encodeReply(w, nil, want); err != nil {
			t.Fatal(err)
		}
		if err := protojson.Unmarshal(w.Body.Bytes(), got); err != nil || !proto.Equal(got, want) {
			t.Errorf("%s reads as %v, %v, want %v", w.Body, got, err, want)
		}
	}
}
