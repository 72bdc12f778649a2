package factor

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/app/kit/fault"
	"gonghui/app/module"
)

// Puzzle tells a browser that takes its time from a script that takes none. It is solved by the machine, not by the person:
// nothing has to be read, heard or dragged, so it shuts nobody out. Each part of it asks for a number n such that
// SHA-256(puzzle "." part "." n) begins with some zero bits; eight small parts take a steadier time than a large one.
// A guess at a password costs a script as much as it costs a browser, and a solution is good once.
type Puzzle struct {
	Redis redis.UniversalClient
	Keys  module.Keys
}

const (
	puzzleParts = 8
	puzzleLife  = 5 * time.Minute
	// easiest is the number of zero bits of the first puzzle: 8 × 2^13 hashes, a tenth of a second on a desk and about a second
	// on an old phone. Every four failures more double the work, up to hardest.
	easiest, hardest = 13, 16
)

// Required is the refusal that brings a new puzzle; failures are those so far.
func (p Puzzle) Required(failures int, now time.Time) error {
	hard := min(easiest+failures/4, hardest)
	var nonce [12]byte
	_, _ = rand.Read(nonce[:])
	puzzle := base64.RawURLEncoding.EncodeToString(nonce[:]) + "." + strconv.Itoa(hard) + "." + strconv.FormatInt(now.Add(puzzleLife).Unix(), 10)
	refusal := fault.New(http.StatusForbidden, identityv1.Reason_CAPTCHA_REQUIRED,
		"失败次数较多，需要完成安全校验后重试", "after several failures a security check has to be solved first")
	refusal.Metadata["puzzle"] = puzzle + "." + p.seal(puzzle)
	refusal.Metadata["bits"] = strconv.Itoa(hard)
	refusal.Metadata["parts"] = strconv.Itoa(puzzleParts)
	return refusal
}

func (p Puzzle) seal(puzzle string) string {
	sum := sha256.Sum256([]byte(p.Keys.Digest("puzzle", puzzle)))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// Solved uses up a solution and reports whether it was right: "puzzle:n:n:…" with a puzzle of ours that is not old.
func (p Puzzle) Solved(ctx context.Context, solution string, now time.Time) (bool, error) {
	parts := strings.Split(solution, ":")
	puzzle, seal, ok := cutLast(parts[0], ".")
	if !ok || seal != p.seal(puzzle) || len(parts) != 1+puzzleParts {
		return false, nil
	}
	fields := strings.Split(puzzle, ".")
	hard, err := strconv.Atoi(fields[1])
	if err != nil {
		return false, nil
	}
	until, err := strconv.ParseInt(fields[2], 10, 64)
	if err != nil || now.Unix() > until {
		return false, nil
	}
	for i, n := range parts[1:] {
		if zeros(parts[0], i, n) < hard {
			return false, nil
		}
	}
	return p.Redis.SetNX(ctx, "gonghui:puzzle:"+fields[0], 1, 2*puzzleLife).Result()
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// zeros counts the zero bits that the hash of a try begins with.
func zeros(puzzle string, part int, n string) int {
	sum := sha256.Sum256([]byte(puzzle + "." + strconv.Itoa(part) + "." + n))
	return bits.LeadingZeros64(binary.BigEndian.Uint64(sum[:8]))
}

// Solve finds a solution of a puzzle, as a browser does. It is for programs that sign in, and for tests.
func Solve(puzzle string, hard, parts int) string {
	solution := puzzle
	for part := range parts {
		for n := 0; ; n++ {
			if try := strconv.Itoa(n); zeros(puzzle, part, try) >= hard {
				solution += ":" + try
				break
			}
		}
	}
	return solution
}
