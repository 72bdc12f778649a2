package identity

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	kerrors "github.com/go-kratos/kratos/v2/errors"

	identityv1 "gonghui/app/identity/v1"
	"gonghui/tenant"
)

// Two hundred people sign in at the same moment: each comes in or hears at once how long to wait, and no more than four passwords are
// looked at at a time, which is what bounds the memory: unbounded, they would take 19 MiB each. It is not run beside others: they would
// wait in its queue.
func TestACrowdSignsIn(t *testing.T) {
	s := open(t)
	hash, err := HashPassword(password)
	if err != nil {
		t.Fatal(err)
	}
	calls, phones := make([]context.Context, 200), make([]string, 200)
	err = s.env.DB.Platform(context.Background(), func(ctx context.Context, tx tenant.DBTX) error {
		var all error
		for i := range calls {
			calls[i], phones[i] = visit(s.body), mobile()
			e := Enrolment{Name: fmt.Sprintf("众人%d", i), Phone: phones[i], PasswordHash: hash, Body: s.body.ID, Role: "officer"}
			all = errors.Join(all, Enrol(ctx, tx, s.env.Keys, e))
		}
		return all
	})
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	most := make(chan int)
	go func() { most <- hashesAtOnce(over) }()
	var in, told, fell atomic.Int64
	var wg sync.WaitGroup
	for i := range calls {
		wg.Go(func() {
			_, err := s.SignIn(calls[i], &identityv1.SignInRequest{Phone: phones[i], Password: password})
			switch {
			case err == nil:
				in.Add(1)
			case reason(err) == "SIGN_IN_BUSY" && kerrors.FromError(err).Metadata["retry_after"] != "":
				told.Add(1)
			default:
				fell.Add(1)
				t.Errorf("neither in nor told to wait: %v", err)
			}
		})
	}
	wg.Wait()
	close(over)
	if n := <-most; n == 0 || n > cap(hashing.slots) {
		t.Errorf("%d passwords were looked at at a time, want 1 to %d", n, cap(hashing.slots))
	}
	if in.Load() == 0 || in.Load()+told.Load()+fell.Load() != 200 {
		t.Errorf("%d are in, %d were told to wait, of 200", in.Load(), told.Load())
	}
	t.Logf("%d are in, %d were told to wait", in.Load(), told.Load())
	if n := s.env.Count(t, `select count(*) from platform.session s join platform.identity i on i.id = s.identity_id where i.body_id = $1`, s.body.ID); n != in.Load() {
		t.Errorf("%d sessions, %d came in", n, in.Load())
	}
}

// hashesAtOnce is the most goroutines that were seen inside argon2 until over.
func hashesAtOnce(over <-chan struct{}) (most int) {
	stacks := make([]byte, 8<<20)
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		text := string(stacks[:runtime.Stack(stacks, true)])
		n := 0
		for stack := range strings.SplitSeq(text, "\n\n") {
			if strings.Contains(stack, "crypto/argon2.IDKey") {
				n++
			}
		}
		most = max(most, n)
		select {
		case <-over:
			return most
		case <-look.C:
		}
	}
}
