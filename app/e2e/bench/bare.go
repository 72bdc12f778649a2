package bench

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"gonghui/tenant"
)

// BareWord, after bench, makes the program serve the floors: see [Bare].
const BareWord = "bare"

// Bare serves what the product's own requests are measured against: net/http handlers that do nothing but one statement on
// the same rows, through connections of the same logins, and write the row down. They look at neither session nor rights.
func Bare(ctx context.Context, address string, cfg tenant.Config) error {
	platform, err := poolOf(ctx, cfg, cfg.PlatformLogin(), 8)
	if err != nil {
		return err
	}
	defer platform.Close()
	var buckets [tenant.Buckets]*pgxpool.Pool
	for i := range buckets {
		if buckets[i], err = poolOf(ctx, cfg, cfg.BucketLogin(i), 2); err != nil {
			return err
		}
		defer buckets[i].Close()
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /members/{code}/{id}", bareMember(cfg, &buckets))
	mux.HandleFunc("GET /figure/{code}/{metric}", bareFigure(platform))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		server.Close()
	}()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// poolOf connects as a login when it is first needed.
func poolOf(ctx context.Context, cfg tenant.Config, login string, most int32) (*pgxpool.Pool, error) {
	pc, err := pgxpool.ParseConfig(cfg.DSN)
	if err != nil {
		return nil, err
	}
	pc.ConnConfig.User, pc.ConnConfig.Password = login, cfg.Password(login)
	pc.MaxConns = most
	return pgxpool.NewWithConfig(ctx, pc)
}

// row has the columns that the product reads for one member.
type row struct {
	ID                                                            uuid.UUID
	MemberNo, Name, Initials, Pinyin, IDKind, IDNumber            string
	IDDigest                                                      *string
	Phone, PhoneTail, Sex                                         string
	Birth                                                         *time.Time
	Nation, Education, PoliticalStatus, Employer, Job, Employment string
	Migrant                                                       bool
	Address                                                       string
	JoinedOn                                                      time.Time
	State                                                         string
	Version                                                       int32
	Demo                                                          bool
	CreatedAt, UpdatedAt                                          time.Time
}

const memberSQL = `select id, member_no, name, initials, pinyin, id_kind, id_number, id_digest, phone, phone_tail, sex, birth, nation,
	education, political_status, employer, job, employment, migrant, address, joined_on, state, version, demo, created_at, updated_at
	from member where id = $1`

// bareMember is one pgx batch: begin, the tenant's role, the row by its key, commit.
func bareMember(cfg tenant.Config, buckets *[tenant.Buckets]*pgxpool.Pool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, err := uuid.Parse(r.PathValue("id"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		code := r.PathValue("code")
		var m row
		b := &pgx.Batch{}
		b.Queue("begin")
		b.Queue("select set_config('role', $1, true)", cfg.Role(code))
		b.Queue(memberSQL, id).QueryRow(func(row pgx.Row) error {
			return row.Scan(&m.ID, &m.MemberNo, &m.Name, &m.Initials, &m.Pinyin, &m.IDKind, &m.IDNumber, &m.IDDigest, &m.Phone,
				&m.PhoneTail, &m.Sex, &m.Birth, &m.Nation, &m.Education, &m.PoliticalStatus, &m.Employer, &m.Job, &m.Employment,
				&m.Migrant, &m.Address, &m.JoinedOn, &m.State, &m.Version, &m.Demo, &m.CreatedAt, &m.UpdatedAt)
		})
		b.Queue("commit")
		err = buckets[tenant.Bucket(code)].SendBatch(r.Context(), b).Close()
		answer(w, m, err)
	}
}

// bareFigure is one rolled-up row.
func bareFigure(platform *pgxpool.Pool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var f struct{ Own, Subtree int64 }
		err := platform.QueryRow(r.Context(), `select f.own, f.subtree from platform.figure f join platform.body b on b.id = f.body_id
			where b.code = $1 and f.metric = $2`, r.PathValue("code"), r.PathValue("metric")).Scan(&f.Own, &f.Subtree)
		answer(w, f, err)
	}
}

func answer(w http.ResponseWriter, v any, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}
