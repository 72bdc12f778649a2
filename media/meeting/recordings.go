package meeting

import (
	"context"
	"crypto/hmac"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	"gonghui/app/kit/day"
	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	"gonghui/app/kit/page"
	"gonghui/media/meeting/internal/db"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/media/object"
	"gonghui/tenant"
	"gonghui/tenant/access"
)

const (
	recordingsRight = "meeting.recordings"
	saveRight       = "meeting.download"
	// playFor is how long an address of a film is good.
	playFor = 4 * time.Hour
	// saveFor is how long one is from which it is kept as a file.
	saveFor = 5 * time.Minute
)

var (
	errNoRecording = fault.New(http.StatusNotFound, meetingv1.RecordingReason_RECORDING_NOT_FOUND, "录制不存在，或未向您共享", "there is no such recording, or it is not shared with you")
	errRecState    = fault.New(http.StatusConflict, meetingv1.RecordingReason_RECORDING_STATE, "录制当前的状态不能这样操作，请刷新后重试", "the recording is in another state by now; reload the page")
	errRecKept     = fault.New(http.StatusConflict, meetingv1.RecordingReason_RECORDING_KEPT, "录制已设为保留，取消保留后才能删除", "the recording is kept from being deleted; let it go first")
	errRecAddress  = fault.New(http.StatusForbidden, meetingv1.RecordingReason_RECORDING_ADDRESS, "播放地址已失效，请重新打开录制", "the address has run out; open the recording again")
	errRecSave     = fault.New(http.StatusForbidden, meetingv1.RecordingReason_RECORDING_SAVE, "您可以在线播放，但没有下载会议录制的权限", "you may play it, but have no right to download recordings")
	errRecRight    = fault.New(http.StatusForbidden, meetingv1.Reason_MEETING_NOT_HOST, "只有会议的召集人或录制管理员可以这样做", "only who holds the meeting, or looks after recordings, may do this")
)

// recordings answers for the recordings of the body in the context.
type recordings struct {
	meetingv1.UnimplementedRecordingServiceServer
	*Service
}

// mayLead reports whether the caller may change a recording: whoever holds the meeting, or looks after recordings.
func mayLead(ctx context.Context, host uuid.UUID) bool {
	return mayManage(ctx, &db.Meeting{HostID: host}) || mayKeep(ctx)
}

func mayKeep(ctx context.Context) bool { return mayRecordings(ctx, recordingsRight) }

// maySave reports whether the caller may keep films as files: a film that is played has who plays it over it, a file has not.
func maySave(ctx context.Context) bool { return mayRecordings(ctx, saveRight) }

// mayRecordings reports whether the caller is a person who holds a right; applications never do.
func mayRecordings(ctx context.Context, right string) bool {
	me := tenant.SubjectFrom(ctx)
	return me != nil && me.App == uuid.Nil && access.Check(ctx, right) == nil
}

// told is a row as the caller may know it.
func (s *recordings) told(ctx context.Context, r *db.GetRecordingRow, days int) *meetingv1.Recording {
	out := &meetingv1.Recording{
		Id: r.ID.String(), MeetingId: r.MeetingID.String(), MeetingTitle: r.Title, State: r.State, Percent: int32(r.Percent), BeganAt: timestamppb.New(r.BeganAt),
		StoppedAt: stamp(r.StoppedAt), ByName: r.ByName, Seconds: r.Seconds, Size: r.Size, People: r.People, Shared: r.Shared, Kept: r.Kept, Failure: r.Failure,
		MayManage: mayLead(ctx, r.HostID), MayKeep: mayKeep(ctx), MaySave: maySave(ctx), MeetingNumber: r.Number,
	}
	if !r.Kept && r.StoppedAt != nil {
		out.DeletedAt = timestamppb.New(r.StoppedAt.AddDate(0, 0, days))
	}
	return out
}

// ListRecordings pages back through all of the body.
func (s *recordings) ListRecordings(ctx context.Context, in *meetingv1.ListRecordingsRequest) (*meetingv1.ListRecordingsReply, error) {
	query, err := field.Line("query", in.GetQuery())
	if err != nil {
		return nil, err
	}
	return s.list(ctx, in.GetPageToken(), in.GetPageSize(), func(ctx context.Context, tx tenant.DBTX, before uuid.UUID, size int32) ([]db.GetRecordingRow, error) {
		rows, err := s.sql.ListRecordings(ctx, tx, db.ListRecordingsParams{Before: before, Query: strings.ToLower(query), Size: size})
		out := make([]db.GetRecordingRow, len(rows))
		for i, r := range rows {
			out[i] = db.GetRecordingRow(r)
		}
		return out, err
	})
}

// ListMeetingRecordings pages back through those of a meeting.
func (s *recordings) ListMeetingRecordings(ctx context.Context, in *meetingv1.ListMeetingRecordingsRequest) (*meetingv1.ListRecordingsReply, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	return s.list(ctx, in.GetPageToken(), in.GetPageSize(), func(ctx context.Context, tx tenant.DBTX, before uuid.UUID, size int32) ([]db.GetRecordingRow, error) {
		m, err := s.sql.GetMeeting(ctx, tx, id)
		if err != nil {
			return nil, orNot(err, errNoMeeting)
		}
		whole := mayLead(ctx, m.HostID)
		if !whole {
			may, err := s.sql.MayWatch(ctx, tx, db.MayWatchParams{MeetingID: id, Self: tenant.SubjectFrom(ctx).Identity})
			if err != nil {
				return nil, err
			}
			if !may && m.OpenTo == "invited" && access.Check(ctx, "meeting.read") != nil {
				return nil, errNoMeeting
			}
			if !may {
				return nil, nil
			}
		}
		rows, err := s.sql.ListRecordingsOf(ctx, tx, db.ListRecordingsOfParams{MeetingID: id, Before: before, Whole: whole, Size: size})
		out := make([]db.GetRecordingRow, len(rows))
		for i, r := range rows {
			out[i] = db.GetRecordingRow(r)
		}
		return out, err
	})
}

// ListSharedRecordings pages back through what the caller may watch because they were invited or there.
func (s *recordings) ListSharedRecordings(ctx context.Context, in *meetingv1.ListSharedRecordingsRequest) (*meetingv1.ListRecordingsReply, error) {
	return s.list(ctx, in.GetPageToken(), in.GetPageSize(), func(ctx context.Context, tx tenant.DBTX, before uuid.UUID, size int32) ([]db.GetRecordingRow, error) {
		rows, err := s.sql.ListSharedRecordings(ctx, tx, db.ListSharedRecordingsParams{Before: before, Self: tenant.SubjectFrom(ctx).Identity, Size: size})
		out := make([]db.GetRecordingRow, len(rows))
		for i, r := range rows {
			out[i] = db.GetRecordingRow(r)
		}
		return out, err
	})
}

func (s *recordings) list(ctx context.Context, pageToken string, pageSize int32, read func(context.Context, tenant.DBTX, uuid.UUID, int32) ([]db.GetRecordingRow, error)) (*meetingv1.ListRecordingsReply, error) {
	from := after{ID: lastID}
	if _, err := page.Parse(pageToken, &from); err != nil {
		return nil, err
	}
	size := page.Size(pageSize, 50)
	reply := &meetingv1.ListRecordingsReply{}
	err := s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		days, err := s.keepDays(ctx, tx)
		if err != nil {
			return err
		}
		rows, err := read(ctx, tx, from.ID, size+1)
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(r db.GetRecordingRow) any { return after{ID: r.ID} })
		reply.Recordings = nil
		for i := range rows {
			reply.Recordings = append(reply.Recordings, s.told(ctx, &rows[i], days))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// watch is a recording that the caller may play.
func (s *recordings) watch(ctx context.Context, tx tenant.DBTX, id uuid.UUID) (r db.GetRecordingRow, err error) {
	if r, err = s.sql.GetRecording(ctx, tx, id); err != nil {
		return r, orNot(err, errNoRecording)
	}
	if mayLead(ctx, r.HostID) {
		return r, nil
	}
	if !r.Shared {
		return r, errNoRecording
	}
	may, err := s.sql.MayWatch(ctx, tx, db.MayWatchParams{MeetingID: r.MeetingID, Self: tenant.SubjectFrom(ctx).Identity})
	if err == nil && !may {
		err = errNoRecording
	}
	return r, err
}

// PlayRecording gives an address of the film.
func (s *recordings) PlayRecording(ctx context.Context, in *meetingv1.PlayRecordingRequest) (*meetingv1.PlayRecordingReply, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	me := tenant.SubjectFrom(ctx)
	who, err := s.markOf(ctx)
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		r, err := s.watch(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case r.State != recReady:
			return errRecState
		case in.GetDownload() && !maySave(ctx):
			return errRecSave
		}
		if in.GetDownload() {
			tenant.Audit(ctx, tx, tenant.Act{Act: "meeting.recording.save", Kind: "meeting_recording", Object: id.String()})
		} else {
			tenant.Audit(ctx, tx, tenant.Act{Act: "meeting.recording.play", Kind: "meeting_recording", Object: id.String()})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	good := playFor
	if in.GetDownload() {
		good = saveFor
	}
	until := time.Now().Add(good).Truncate(time.Second)
	q := url.Values{"until": {strconv.FormatInt(until.Unix(), 10)}}
	if in.GetDownload() {
		q.Set("save", "1")
	}
	q.Set("sign", s.sign(id, me.Identity, q.Get("until"), q.Get("save")))
	return &meetingv1.PlayRecordingReply{
		Url: "/v1/recordings/" + id.String() + "/film?" + q.Encode(), Until: timestamppb.New(until), Watermark: strings.TrimSpace(who + " " + tenant.From(ctx).Name),
	}, nil
}

// sign is what makes an address good for one identity and no other.
func (s *recordings) sign(id, identity uuid.UUID, until, save string) string {
	return s.keys.Digest("meeting_film", strings.Join([]string{id.String(), identity.String(), until, save}, "|"))
}

// film answers with the film, or a range of it, to whom the address was given.
func (s *recordings) film(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := field.ID("id", path.Base(path.Dir(r.URL.Path)))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	until, err := strconv.ParseInt(q.Get("until"), 10, 64)
	if err != nil || time.Now().Unix() > until ||
		!hmac.Equal([]byte(q.Get("sign")), []byte(s.sign(id, tenant.SubjectFrom(ctx).Identity, q.Get("until"), q.Get("save")))) {
		return errRecAddress
	}
	var row db.GetRecordingRow
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		row, err = s.watch(ctx, tx, id)
		return err
	})
	if err != nil {
		return err
	}
	switch {
	case row.State != recReady || row.StoppedAt == nil:
		return errRecState
	case q.Get("save") != "" && !maySave(ctx):
		return errRecSave // it was taken away since the address was given
	}
	key, kind, size, err := s.filmOf(ctx, id)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", kind.Type())
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Security-Policy", "sandbox")
	disposition := "inline"
	if q.Get("save") != "" {
		name := row.Title + " " + row.BeganAt.In(day.Zone).Format("2006-01-02") + "." + string(kind)
		disposition = fmt.Sprintf("attachment; filename=\"recording.%s\"; filename*=UTF-8''%s", kind, url.PathEscape(name))
	}
	h.Set("Content-Disposition", disposition)
	body := &ranged{ctx: ctx, files: s.host.Files(), key: key, size: size}
	defer body.Close()
	http.ServeContent(w, r, "", *row.StoppedAt, body)
	return nil
}

// ranged reads an object from wherever it is sought.
type ranged struct {
	ctx   context.Context //nolint:containedctx // http.ServeContent knows none
	files object.Store
	key   string
	size  int64
	at    int64
	open  io.ReadCloser
}

func (o *ranged) Read(b []byte) (int, error) {
	if o.at >= o.size {
		return 0, io.EOF
	}
	if o.open == nil {
		var err error
		if o.open, err = o.files.Get(o.ctx, o.key, o.at, -1); err != nil {
			return 0, err
		}
	}
	n, err := o.open.Read(b)
	o.at += int64(n)
	return n, err
}

func (o *ranged) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += o.at
	case io.SeekEnd:
		offset += o.size
	}
	if offset < 0 {
		return 0, fmt.Errorf("meeting: a file is sought at %d", offset)
	}
	if offset != o.at {
		_ = o.Close()
	}
	o.at = offset
	return offset, nil
}

// Close ends the object that is read.
func (o *ranged) Close() error {
	if o.open == nil {
		return nil
	}
	err := o.open.Close()
	o.open = nil
	return err
}

// change does an act on a recording that the caller may change, and records it.
func (s *recordings) change(ctx context.Context, raw, act string, f func(context.Context, tenant.DBTX, *db.MeetingRecording) error) (*meetingv1.Recording, error) {
	id, err := field.ID("id", raw)
	if err != nil {
		return nil, err
	}
	reply := &meetingv1.Recording{}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		r, err := s.lead(ctx, tx, id)
		if err != nil {
			return err
		}
		seen, err := recordingNoun.See(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := f(ctx, tx, &r); err != nil {
			return err
		}
		if err := seen.Changed(ctx, tx, tenant.Act{Act: act}); err != nil {
			return err
		}
		days, err := s.keepDays(ctx, tx)
		if err != nil {
			return err
		}
		row, err := s.sql.GetRecording(ctx, tx, id)
		if err != nil {
			return err
		}
		fill(reply, s.told(ctx, &row, days))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// lead locks a recording that the caller may change.
func (s *recordings) lead(ctx context.Context, tx tenant.DBTX, id uuid.UUID) (r db.MeetingRecording, err error) {
	if r, err = s.sql.LockRecording(ctx, tx, id); err != nil {
		return r, orNot(err, errNoRecording)
	}
	m, err := s.sql.GetMeeting(ctx, tx, r.MeetingID)
	if err != nil {
		return r, err
	}
	if !mayLead(ctx, m.HostID) {
		if _, err := s.watch(ctx, tx, id); err != nil {
			return r, err
		}
		return r, errRecRight
	}
	return r, nil
}

// UpdateRecording shares a film, or keeps it.
func (s *recordings) UpdateRecording(ctx context.Context, in *meetingv1.UpdateRecordingRequest) (*meetingv1.Recording, error) {
	return s.change(ctx, in.GetId(), "meeting.recording.update", func(ctx context.Context, tx tenant.DBTX, r *db.MeetingRecording) error {
		shared, kept := r.Shared, r.Kept
		if in.Shared != nil {
			shared = in.GetShared()
		}
		if in.Kept != nil && in.GetKept() != kept {
			if !mayKeep(ctx) {
				return errRecRight
			}
			kept = in.GetKept()
		}
		if r.Kept && !kept {
			if err := s.enqueueExpire(ctx, tx, r.ID, r.StoppedAt); err != nil {
				return err
			}
		}
		return s.sql.ChangeRecording(ctx, tx, db.ChangeRecordingParams{ID: r.ID, Shared: shared, Kept: kept})
	})
}

// RetryRecording has the film made once more.
func (s *recordings) RetryRecording(ctx context.Context, in *meetingv1.RetryRecordingRequest) (*meetingv1.Recording, error) {
	return s.change(ctx, in.GetId(), "meeting.recording.retry", func(ctx context.Context, tx tenant.DBTX, r *db.MeetingRecording) error {
		if r.State != recFailed && r.State != recCancelled {
			return errRecState
		}
		arg := settingOf(r)
		arg.State, arg.Tries, arg.Failure = recWaiting, 0, ""
		if err := s.sql.SetRecording(ctx, tx, arg); err != nil {
			return err
		}
		return tenant.Enqueue(tx, composeJob, filming{r.ID})
	})
}

// CancelRecording stops the making of a film.
func (s *recordings) CancelRecording(ctx context.Context, in *meetingv1.CancelRecordingRequest) (*meetingv1.Recording, error) {
	return s.change(ctx, in.GetId(), "meeting.recording.cancel", func(ctx context.Context, tx tenant.DBTX, r *db.MeetingRecording) error {
		if r.State != recWaiting && r.State != recComposing {
			return errRecState
		}
		arg := settingOf(r)
		arg.State, arg.Run = recCancelled, nil
		if err := s.enqueueExpire(ctx, tx, r.ID, r.StoppedAt); err != nil {
			return err
		}
		return s.sql.SetRecording(ctx, tx, arg)
	})
}

// DeleteRecording deletes a recording for good.
func (s *recordings) DeleteRecording(ctx context.Context, in *meetingv1.DeleteRecordingRequest) (*meetingv1.DeleteRecordingReply, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		r, err := s.lead(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case r.Kept:
			return errRecKept
		case r.State == recRecording:
			return errRecState
		}
		return s.deleteRecording(ctx, tx, id, func(seen tenant.Seen) {
			seen.Gone(ctx, tx, tenant.Act{Act: "meeting.recording.delete"})
		})
	})
	if err != nil {
		return nil, err
	}
	return &meetingv1.DeleteRecordingReply{}, nil
}

// ListConsents pages through what people said to being recorded.
func (s *recordings) ListConsents(ctx context.Context, in *meetingv1.ListConsentsRequest) (*meetingv1.ListConsentsReply, error) {
	id, err := field.ID("id", in.GetId())
	if err != nil {
		return nil, err
	}
	var from after
	if _, err := page.Parse(in.GetPageToken(), &from); err != nil {
		return nil, err
	}
	size := page.Size(in.GetPageSize(), 100)
	reply := &meetingv1.ListConsentsReply{}
	err = s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		r, err := s.sql.GetRecording(ctx, tx, id)
		if err != nil {
			return orNot(err, errNoRecording)
		}
		if !mayLead(ctx, r.HostID) {
			if _, err := s.watch(ctx, tx, id); err != nil {
				return err
			}
			return errRecRight
		}
		rows, err := s.sql.ListConsents(ctx, tx, db.ListConsentsParams{RecordingID: id, After: from.ID, Size: size + 1})
		if err != nil {
			return err
		}
		rows, reply.NextPageToken = page.Cut(rows, size, func(c db.ListConsentsRow) any { return after{ID: c.PersonID} })
		reply.Consents = nil
		for _, c := range rows {
			reply.Consents = append(reply.Consents, &meetingv1.RecordingConsent{
				Participant: c.PersonID.String(), Name: c.Name, BodyName: c.BodyName, Agreed: c.Agreed, At: timestamppb.New(c.At),
			})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return reply, nil
}

// GetRecordingSettings says how long recordings are kept.
func (s *recordings) GetRecordingSettings(ctx context.Context, _ *meetingv1.GetRecordingSettingsRequest) (*meetingv1.RecordingSettings, error) {
	days := 0
	err := s.db.Snapshot(ctx, func(ctx context.Context, tx tenant.DBTX) (err error) {
		days, err = s.keepDays(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &meetingv1.RecordingSettings{KeepDays: int32(days)}, nil
}

// UpdateRecordingSettings says how long they are kept from now on.
func (s *recordings) UpdateRecordingSettings(ctx context.Context, in *meetingv1.RecordingSettings) (*meetingv1.RecordingSettings, error) {
	err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		seen, err := settingNoun.See(ctx, tx, 1)
		if err != nil {
			return err
		}
		was, err := s.keepDays(ctx, tx)
		if err != nil {
			return err
		}
		if err := s.sql.SetKeepDays(ctx, tx, int16(in.GetKeepDays())); err != nil {
			return err
		}
		if int(in.GetKeepDays()) < was {
			rows, err := s.sql.ReadyRecordings(ctx, tx)
			if err != nil {
				return err
			}
			for _, r := range rows {
				if err := s.enqueueExpire(ctx, tx, r.ID, r.StoppedAt); err != nil {
					return err
				}
			}
		}
		return seen.Changed(ctx, tx, tenant.Act{Act: "meeting.recording.settings"})
	})
	if err != nil {
		return nil, err
	}
	return &meetingv1.RecordingSettings{KeepDays: in.GetKeepDays()}, nil
}
