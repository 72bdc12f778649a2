package builder

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/gorilla/mux"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"gonghui/app/kit/field"
	"gonghui/builder/apk/zipfile"
	"gonghui/tenant"
)

const (
	// lookEvery is how often a watched build is looked at.
	lookEvery = 200 * time.Millisecond
	// pingEvery is after how long without news a comment shows whether somebody still listens.
	pingEvery = 5 * time.Second
	// watchFor ends a watch: the page asks again and goes on where it was.
	watchFor = 10 * time.Minute
)

// buildOf is the id in the path of a route.
func buildOf(r *http.Request) (uuid.UUID, error) { return field.ID("id", mux.Vars(r)["id"]) }

// eventOptions spell events as replies are spelt.
var eventOptions = protojson.MarshalOptions{EmitUnpopulated: true}

// stream sends the log of a build as it is written: GET /v1/app/builds/{id}/log, as events of Server-Sent Events. A reader that was cut
// off goes on after the number in Last-Event-ID.
func (s *Service) stream(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	t, err := body(ctx)
	if err != nil {
		return err
	}
	id, err := buildOf(r)
	if err != nil {
		return err
	}
	sent, _ := strconv.Atoi(r.Header.Get("Last-Event-ID"))
	b, lines, err := s.logged(ctx, t.ID, id)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no")
	out := http.NewResponseController(w)
	end, quiet := time.Now().Add(watchFor), time.Now()
	for {
		if len(lines) < sent { // another attempt has begun
			sent = 0
		}
		for n := sent; n < len(lines); n++ {
			if err := event(w, "line", n+1, lines[n].proto(n)); err != nil {
				return err
			}
			quiet = time.Now()
		}
		sent = len(lines)
		over := b.endedAt != nil
		if over {
			final, err := b.proto()
			if err != nil {
				return err
			}
			if err := event(w, "end", sent, final); err != nil {
				return err
			}
		} else if time.Since(quiet) > pingEvery {
			if _, err := fmt.Fprint(w, ": \n\n"); err != nil {
				return err
			}
			quiet = time.Now()
		}
		if err := out.Flush(); err != nil {
			return err
		}
		if over || time.Now().After(end) {
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(lookEvery):
		}
		if b, lines, err = s.logged(ctx, t.ID, id); err != nil {
			return err
		}
	}
}

func event(w http.ResponseWriter, name string, id int, m proto.Message) error {
	raw, err := eventOptions.Marshal(m)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "event: %s\nid: %d\ndata: %s\n\n", name, id, raw)
	return err
}

// file hands out what was built: GET /v1/app/builds/{id}/file.
func (s *Service) file(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	t, err := body(ctx)
	if err != nil {
		return err
	}
	id, err := buildOf(r)
	if err != nil {
		return err
	}
	var b *build
	err = s.db.Platform(ctx, func(ctx context.Context, db tenant.DBTX) error {
		b, err = oneBuild(ctx, db, t.ID, id, "")
		return err
	})
	if err != nil {
		return err
	}
	if b.state != "done" || b.file == "" {
		return errState
	}
	if r.URL.Query().Get("part") == "page" && b.channel == filingSheet {
		return s.page(w, r, b)
	}
	return s.serve(w, r, channelOf(b.channel), b.file, b.fileName, b.sha256, *b.endedAt)
}

// page shows the page of a filing sheet.
func (s *Service) page(w http.ResponseWriter, r *http.Request, b *build) error {
	raw, err := s.read(r.Context(), b.file)
	if err != nil {
		return err
	}
	archive, err := zipfile.Decode(raw)
	if err != nil {
		return err
	}
	f, ok := archive.File(sheetPage)
	if !ok {
		return errNoBuild
	}
	content, err := f.Content()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, err = w.Write(content)
	return err
}
