package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"gonghui/app/identity"
	"gonghui/tenant"
)

// crowd is how many people sign in at the same moment.
const crowd = 200

// signin measures a crowd that signs in by password all at once: how much memory the server takes for it, and how long it
// takes beside the mere checking of as many passwords. Unbounded, argon2id would take 19 MiB for each of them.
func signin(ctx context.Context, w *world) error {
	bodies, err := w.bodies(ctx, 1)
	if err != nil {
		return err
	}
	calls, err := w.visitors(ctx, bodies[0])
	if err != nil {
		return err
	}
	var told atomic.Int64
	all := func() (time.Duration, error) {
		begin := time.Now()
		err := inParallel(ctx, crowd, crowd, func(ctx context.Context, i int) error {
			for {
				_, _, _, err := calls[i].send(ctx)
				var refused *refusal
				if !errors.As(err, &refused) || refused.status != http.StatusServiceUnavailable {
					return err
				}
				// Told to wait, as the product may: a goal of its own says that nobody should have to be.
				told.Add(1)
				select {
				case <-ctx.Done():
					return ctx.Err()
				case <-time.After(time.Second):
				}
			}
		})
		return time.Since(begin), err
	}
	hash, err := passwordHash()
	if err != nil {
		return err
	}
	pid := w.server.cmd.Process.Pid
	idle, err := memory(pid, "VmRSS")
	if err != nil {
		return err
	}
	// The kernel forgets the peak so far, proc(5).
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0); err != nil {
		return err
	}
	var product, floor []float64
	err = w.turns(func(int) error {
		took, err := all()
		product = append(product, millis(took))
		return err
	}, func(int) error {
		begin := time.Now()
		err := inParallel(ctx, crowd, crowd, func(ctx context.Context, _ int) error {
			ok, err := identity.PasswordMatches(ctx, password, hash)
			if err == nil && !ok {
				err = fmt.Errorf("the password of the bench does not match")
			}
			return err
		})
		floor = append(floor, millis(time.Since(begin)))
		return err
	})
	if err != nil {
		return err
	}
	peak, err := memory(pid, "VmHWM")
	if err != nil {
		return err
	}
	w.report(figure(fmt.Sprintf("signin: peak memory while %d sign in at once, over idle", crowd), peak, "MiB").over(idle).atMost(400))
	w.report(figure(fmt.Sprintf("signin: told to come again, of %d at once", crowd), float64(told.Load()), "people").atMost(0))
	w.report(figure(fmt.Sprintf("signin: people let in a second, of %d at once, over passwords checked a second", crowd), crowd*1000/median(product), "/s").over(crowd * 1000 / median(floor)))
	w.report(figure(fmt.Sprintf("signin: until all %d are in, over checking as many passwords", crowd), median(product), "ms").over(median(floor)).within(1.5))
	return nil
}

// visitors gives the body officers and returns the request by which each signs in.
func (w *world) visitors(ctx context.Context, b body) ([]call, error) {
	hash, err := passwordHash()
	if err != nil {
		return nil, err
	}
	calls := make([]call, crowd)
	err = w.db.Platform(ctx, func(ctx context.Context, tx tenant.DBTX) error {
		for i := range calls {
			phone := fmt.Sprintf("139100%05d", i)
			err := identity.Enrol(ctx, tx, w.ring, identity.Enrolment{
				Name: "测试员", Phone: phone, PasswordHash: hash, Body: b.id, Role: "officer", Demo: true,
			})
			if err != nil {
				return err
			}
			raw, err := json.Marshal(map[string]string{"phone": phone, "password": password})
			if err != nil {
				return err
			}
			calls[i] = call{address: w.addr, host: b.code + "." + w.base, method: "POST", path: "/v1/session:signIn", body: raw, want: b.code}
		}
		return nil
	})
	return calls, err
}

// memory is a line of /proc/PID/status in MiB, proc(5).
func memory(pid int, name string) (float64, error) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(raw)) {
		if text, ok := strings.CutPrefix(line, name+":"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(text)[0], 64)
			return kb / 1024, err
		}
	}
	return 0, fmt.Errorf("/proc/%d/status has no %s", pid, name)
}
