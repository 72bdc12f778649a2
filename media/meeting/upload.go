package meeting

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-kratos/kratos/v2/encoding/json"
	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	"gonghui/app/kit/fault"
	"gonghui/app/kit/field"
	agendav1 "gonghui/media/meeting/agenda/v1"
	"gonghui/media/meeting/filekind"
	"gonghui/media/meeting/internal/db"
	meetingv1 "gonghui/media/meeting/v1"
	"gonghui/tenant"
)

const (
	// largestPaper and largestFile are how large a paper and a file of the chat are at most, in bytes.
	largestPaper, largestFile = 50 << 20, 20 << 20
	// mostPapers and mostFiles are how many a meeting takes.
	mostPapers, mostFiles = 100, 300
	// filesAMinute are how many files somebody sends in a minute.
	filesAMinute = 6
	// longestName is how many characters the name of a file has.
	longestName = 160
	// ticketFor is how long the address is good to which a file for the chat goes.
	ticketFor = 10 * time.Minute
)

// refusal says what is wrong with a file.
func refusal(zh, en string) error {
	return fault.Of(http.StatusBadRequest, meetingv1.AgendaReason_PAPER_FILE, "file", zh, en)
}

// fileName is what a file is called: one part of a path, as people see it.
func fileName(at, text string) (string, error) {
	text, err := field.Required(at, text)
	switch {
	case err != nil:
		return "", err
	case utf8.RuneCountInString(text) > longestName:
		return "", fault.Field(at, "文件名最多 160 个字", "the name of a file has 160 characters at most")
	case strings.ContainsAny(text, `/\`) || strings.Trim(text, ". ") == "":
		return "", fault.Field(at, `文件名不能包含路径（/ 或 \）`, "the name of a file must not be a path")
	}
	return text, nil
}

// received is a file that has come, on this machine's disk, where no name leads to it.
type received struct {
	*os.File
	size   int64
	digest string
	kind   filekind.Kind
}

// receive takes a file and finds out what it is.
func receive(body io.Reader, most int64) (f *received, err error) {
	file, err := os.CreateTemp("", "gonghui-paper-")
	if err != nil {
		return nil, err
	}
	f = &received{File: file}
	defer func() {
		if err != nil {
			_ = file.Close()
		}
	}()
	if err := os.Remove(file.Name()); err != nil {
		return nil, err
	}
	sum := sha256.New()
	f.size, err = io.Copy(io.MultiWriter(file, sum), io.LimitReader(body, most+1))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large), err == nil && f.size > most:
		return nil, refusal(fmt.Sprintf("文件超过 %d MB，请压缩或拆分后再上传", most>>20), fmt.Sprintf("the file is larger than %d MB; make it smaller, or split it", most>>20))
	case err != nil:
		return nil, refusal("文件没有传完，请重新上传", "the file did not arrive whole; upload it again")
	case f.size == 0:
		return nil, refusal("文件是空的", "the file is empty")
	}
	f.digest = hex.EncodeToString(sum.Sum(nil))
	f.kind, err = filekind.Of(file, f.size)
	switch {
	case errors.Is(err, filekind.ErrMacros):
		return nil, refusal("文件里带有宏程序，请另存为不含宏的文件后再上传", "the document carries a program (macros); save it without and upload that")
	case errors.Is(err, filekind.ErrPixels):
		return nil, refusal("图片尺寸过大，请缩小后再上传", "the picture has too many pixels; make it smaller")
	case errors.Is(err, filekind.ErrUnknown):
		return nil, refusal("只接受 PDF、Office、WPS、OFD 文档和 PNG、JPEG、GIF、WebP 图片", "only PDF, Office, OpenDocument and OFD documents and PNG, JPEG, GIF and WebP pictures are taken")
	case err != nil:
		return nil, err
	}
	return f, nil
}

func (s *Service) keepFile(ctx context.Context, meeting, id uuid.UUID, f *received) error {
	return s.host.Files().Put(ctx, paperKey(ctx, meeting, id), io.NewSectionReader(f, 0, f.size), f.size)
}

// upload puts a paper up: POST /v1/meetings:paper?meeting=…&name=…&item=…&access=…&readers=a,b&download=1, the body is the file.
func (s *agendas) upload(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	meeting, err := field.ID("meeting", q.Get("meeting"))
	if err != nil {
		return err
	}
	called, err := fileName("name", q.Get("name"))
	if err != nil {
		return err
	}
	who, download := q.Get("access"), q.Get("download") == "1"
	if who != forAll && who != forHosts && who != forNamed {
		return fault.Field("access", "请选择谁可以查看", "say who may see it")
	}
	var readers []string
	if q.Get("readers") != "" {
		readers = strings.Split(q.Get("readers"), ",")
	}
	if len(readers) > 300 {
		return errReaders
	}
	may := func(ctx context.Context, tx tenant.DBTX) (putUp, error) {
		m, err := s.ahead(ctx, tx, meeting)
		if err != nil {
			return putUp{}, err
		}
		n, err := s.sql.CountPapers(ctx, tx, db.CountPapersParams{MeetingID: meeting, Since: time.Now()})
		if err == nil && n.Papers >= mostPapers {
			err = errPaperMany
		}
		if err != nil {
			return putUp{}, err
		}
		return s.readPutUp(ctx, tx, &m, q.Get("item"), who, readers, download)
	}
	// What would be refused need not be sent whole.
	if err := s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error { _, err := may(ctx, tx); return err }); err != nil {
		return err
	}
	f, err := receive(r.Body, largestPaper)
	if err != nil {
		return err
	}
	defer f.Close()
	if !f.kind.Look && !download {
		return errOnlyLook
	}
	// What makes two uploads with one idempotency key the same: what is said, and what is in the file.
	asked := &agendav1.Paper{Id: f.digest, ItemId: q.Get("item"), Name: called, Access: who, Readers: readers, Download: download, Size: f.size}
	out := &agendav1.Paper{}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		return tenant.Once(ctx, tx, asked, out, func() error {
			said, err := may(ctx, tx)
			if err != nil {
				return err
			}
			arg := db.InsertPaperParams{
				ID: tenant.NewID(), MeetingID: meeting, ItemID: said.item, Name: f.kind.Call(called, longestName), Size: f.size, Access: said.access, Download: said.download,
				ByName: tenant.SubjectFrom(ctx).Name, At: time.Now(),
			}
			if err := s.sql.InsertPaper(ctx, tx, arg); err != nil {
				return err
			}
			if err := s.putReaders(ctx, tx, arg.ID, said.readers); err != nil {
				return err
			}
			proto.Reset(out)
			out.Id = arg.ID.String()
			return tenant.EnqueueIn(tx, unarrivedFor+time.Minute, papersJob, filing{meeting})
		})
	})
	if err != nil {
		return err
	}
	id, err := uuid.Parse(out.GetId())
	if err != nil {
		return err
	}
	if err := s.keepFile(ctx, meeting, id, f); err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		p, err := s.sql.LockPaper(ctx, tx, id)
		if err != nil || p.Arrived { // asked for twice it is put up once
			return orNot(err, errNoPaper)
		}
		if err := s.sql.ArrivePaper(ctx, tx, db.ArrivePaperParams{ID: id, Name: p.Name, Kind: f.kind.Name, Size: f.size}); err != nil {
			return err
		}
		return paperNoun.Made(ctx, tx, tenant.Act{Act: "meeting.paper.add"}, id)
	})
	if err != nil {
		return err
	}
	s.tell(ctx, meeting, "agenda", struct{}{})
	return answerJSON(w, &agendav1.Paper{Id: id.String(), Name: f.kind.Call(called, longestName), Kind: f.kind.Name, Size: f.size, Access: who, Download: download})
}

// answerJSON writes an answer as the RPCs do.
func answerJSON(w http.ResponseWriter, m proto.Message) error {
	raw, err := json.MarshalOptions.Marshal(m)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write(raw)
	return err
}

// ticket is where a file for the chat goes.
func (s *Service) ticket(id uuid.UUID, now time.Time) string {
	until := strconv.FormatInt(now.Add(ticketFor).Unix(), 10)
	q := url.Values{"file": {id.String()}, "until": {until}, "sign": {s.signTicket(id, until)}}
	return "/v1/meetings:chatFile?" + q.Encode()
}

func (s *Service) signTicket(id uuid.UUID, until string) string {
	return s.keys.Digest("meeting_ticket", id.String()+"|"+until)
}

// sent is a file that has come for the chat: what the hall is told, wherever it is.
type sent struct {
	File uuid.UUID `json:"file"`
	Kind string    `json:"kind"`
	Size int64     `json:"size"`
}

// sendFile takes a file for the chat at the address of a ticket: POST /v1/meetings:chatFile. The ticket says who sends it.
func (s *agendas) sendFile(w http.ResponseWriter, r *http.Request) error {
	ctx, q := r.Context(), r.URL.Query()
	if err := open(ctx); err != nil {
		return err
	}
	until, err := strconv.ParseInt(q.Get("until"), 10, 64)
	if err != nil || time.Now().Unix() > until {
		return errPaperWay
	}
	id, err := uuid.Parse(q.Get("file"))
	if err != nil || !hmac.Equal([]byte(q.Get("sign")), []byte(s.signTicket(id, q.Get("until")))) {
		return errPaperWay
	}
	var p db.GetPaperRow
	look := func(ctx context.Context, tx tenant.DBTX) (err error) {
		if p, err = s.sql.GetPaper(ctx, tx, id); err != nil {
			return orNot(err, errPaperWay)
		}
		m, err := s.sql.GetMeeting(ctx, tx, p.MeetingID)
		switch {
		case err != nil:
			return err
		case m.State != running:
			return errOver
		case p.PersonID == nil:
			return errPaperWay
		}
		who, err := s.readerAt(ctx, tx, &m, *p.PersonID)
		if err == nil && !who.in {
			err = errPaperWay
		}
		return err
	}
	if err := s.db.Snapshot(ctx, look); err != nil {
		return err
	}
	if !p.Arrived {
		f, err := receive(r.Body, min(p.Size, largestFile))
		if err != nil {
			return err
		}
		defer f.Close()
		if f.size != p.Size {
			return refusal("文件没有传完，请重新上传", "the file did not arrive whole; upload it again")
		}
		if err := s.keepFile(ctx, p.MeetingID, id, f); err != nil {
			return err
		}
		s.tell(ctx, p.MeetingID, "file", sent{id, f.kind.Name, f.size})
		if err := s.db.Snapshot(ctx, look); err != nil {
			return err
		}
		if !p.Arrived { // who sent it is not there any more, or the meeting is on its way to another node
			return refusal("文件没有发出，请稍后再试", "the file was not sent; try again in a moment")
		}
	}
	return answerJSON(w, &agendav1.ChatFile{Id: id.String(), Name: p.Name, Kind: p.Kind, Size: p.Size})
}
