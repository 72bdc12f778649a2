package live

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"gonghui/media/sfu"
	signalv1 "gonghui/media/signal/v1"
)

// Who does not agree to be recorded is held where it is recorded, which breakout rooms are not.
func TestWhoDeclinesSpeaksInBreakoutRooms(t *testing.T) {
	s := open()
	mic := &signalv1.Own{Microphone: proto.Bool(true)}
	if err := s.Own("one", mic); err != nil || !s.seats["one"].out[sfu.Microphone] {
		t.Fatalf("before: %v", err)
	}
	s.Record(&signalv1.Recording{Id: "r"}, map[string]string{"host": Agreed})
	if _, err := s.Consent("one", false); err != nil || s.seats["one"].out[sfu.Microphone] {
		t.Errorf("who does not agree goes out: %v", err)
	}
	if got := reason(s.Own("one", mic)); got != "STATE own.microphone" {
		t.Errorf("in the main room: %q", got)
	}
	move := func(room string) *seat {
		seat := &seat{}
		s.Move("one", room, seat, func(j *signalv1.Joined) []byte {
			return encode(&signalv1.FromServer{What: &signalv1.FromServer_Joined{Joined: j}})
		})
		return seat
	}
	s.SetRooms([]*Breakout{{ID: "b", Name: "第一组"}}, nil)
	there := move("b")
	if err := s.Own("one", mic); err != nil || !there.out[sfu.Microphone] {
		t.Errorf("in a breakout room: %v", err)
	}
	if back := move(""); back.out[sfu.Microphone] {
		t.Error("back in the main room they go out")
	}
	s.Record(nil, nil)
	if err := s.Own("one", mic); err != nil {
		t.Errorf("when nobody records any more: %v", err)
	}
}
