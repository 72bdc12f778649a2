package local

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	redisName   = "Redis"
	redisComm   = "redis-server"
	redisFolder = "redis" // of the state directory: the data
)

type redisServer struct {
	home     *home
	bin      string
	data     string
	password string
	durable  bool
}

func newRedis(h *home, durable bool) (*redisServer, error) {
	data, err := h.data(redisFolder)
	if err != nil {
		return nil, err
	}
	r := &redisServer{home: h, data: data, durable: durable}
	if r.bin, err = findRedis(); err != nil {
		return nil, err
	}
	r.password, err = h.password(redisFolder, true)
	return r, err
}

func findRedis() (string, error) {
	for _, path := range []string{"/usr/bin/redis-server", "/usr/local/bin/redis-server"} {
		if info, err := os.Stat(path); err == nil && info.Mode().Perm()&0o111 != 0 {
			return path, nil
		}
	}
	return "", &Error{
		Reason: ReasonNoRedis,
		Zh:     "没有找到 redis-server，请先运行 deploy/local/bootstrap.sh",
		En:     "redis-server was not found, run deploy/local/bootstrap.sh first",
	}
}

// settings go in by standard input: the password is in no file of the server's and in no list of processes. A full disk must
// not stop what is only a copy for speed.
func (r *redisServer) settings(port int) string {
	save := `""`
	if r.durable {
		save = "300 1"
	}
	return fmt.Sprintf(`bind 127.0.0.1
port %d
requirepass %s
daemonize no
appendonly no
save %s
stop-writes-on-bgsave-error no
`, port, r.password, save)
}

func (r *redisServer) program(port int) program {
	return program{
		name: redisName,
		comm: redisComm,
		dir:  r.data,
		log:  filepath.Join(r.home.dir, redisFolder+".log"),
		as:   r.home.as,
		cmd: func() *exec.Cmd {
			cmd := exec.Command(r.bin, "-")
			cmd.Stdin = strings.NewReader(r.settings(port))
			return cmd
		},
		probe: func(ctx context.Context) error {
			opt, err := redis.ParseURL(r.url(port))
			if err != nil {
				return err
			}
			opt.MaxRetries = -1
			c := redis.NewClient(opt)
			defer c.Close()
			return c.Ping(ctx).Err()
		},
		ending: ending{polite: syscall.SIGTERM, hurry: syscall.SIGINT, grace: 10 * time.Second},
	}
}

func (r *redisServer) url(port int) string {
	u := url.URL{
		Scheme: "redis",
		User:   url.UserPassword("", r.password),
		Host:   net.JoinHostPort("127.0.0.1", strconv.Itoa(port)),
		Path:   "/0",
	}
	return u.String()
}
