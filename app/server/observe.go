package server

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	klog "github.com/go-kratos/kratos/v2/log"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/redis/go-redis/v9"

	"gonghui/tenant"
)

var requests = prometheus.NewHistogramVec(prometheus.HistogramOpts{
	Name: "gonghui_http_seconds", Help: "Time to answer an HTTP request, by route and status.",
	Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
}, []string{"route", "method", "status"})

func init() { prometheus.MustRegister(requests) }

// observe counts a request by its route; what came to no API route is counted as one.
func observe(r *http.Request, rec *recorder, took time.Duration) {
	requests.WithLabelValues(cmp.Or(rec.route, "page"), r.Method, strconv.Itoa(rec.status)).Observe(took.Seconds())
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
	route  string // path of the API route
}

type recorderKey struct{}

// came remembers the route that an HTTP request has come to.
func came(ctx context.Context, path string) {
	if rec, ok := ctx.Value(recorderKey{}).(*recorder); ok {
		rec.route = path
	}
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// kratosLog passes on what kratos has to say.
type kratosLog struct{ to *slog.Logger }

// Log implements kratos' log.Logger.
func (l kratosLog) Log(level klog.Level, keyvals ...any) error {
	l.to.Log(context.Background(), slog.Level(4*(int(level)-int(klog.LevelInfo))), "kratos", keyvals...)
	return nil
}

// health answers whether the process lives and whether it can serve.
func health(db *tenant.DB, rdb redis.UniversalClient, draining func() bool) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("/readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		err := db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
			_, err := tx.Exec(ctx, "select 1")
			return err
		})
		switch {
		case draining():
			http.Error(w, "stopping", http.StatusServiceUnavailable)
		case err != nil:
			http.Error(w, "database", http.StatusServiceUnavailable)
		case rdb.Ping(ctx).Err() != nil:
			http.Error(w, "redis", http.StatusServiceUnavailable)
		default:
			_, _ = w.Write([]byte("ready\n"))
		}
	})
	mux.Handle("/metrics", promhttp.Handler())
	return mux
}

// poolMetrics shows the tenant connections of a DB.
func poolMetrics(db *tenant.DB) []prometheus.Collector {
	return []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "gonghui_tenant_connections", Help: "Connections of tenant logins."},
			func() float64 { total, _ := db.Connections(); return float64(total) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "gonghui_tenant_connections_idle", Help: "Idle connections of tenant logins."},
			func() float64 { _, idle := db.Connections(); return float64(idle) }),
	}
}
