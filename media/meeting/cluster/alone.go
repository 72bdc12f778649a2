package cluster

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// Alone is a process that has not been told of others. It may have rooms as long as there are none: of two such processes behind one
// proxy each would have a room of its own for the same meeting. The first one holds a lease; the others find it, and take no rooms.
type Alone struct {
	redis  redis.UniversalClient
	prefix string
	name   string
	life   time.Duration
	rival  atomic.Bool // another process has rooms
}

// NewAlone makes one that is not running yet. The name is told to the operator.
func NewAlone(r redis.UniversalClient, prefix, name string) *Alone {
	return &Alone{redis: r, prefix: prefix, name: name, life: life}
}

// Rival reports whether another process has rooms, or may have. It costs nothing.
func (a *Alone) Rival() bool { return a.rival.Load() }

// Run keeps the lease until ctx ends, then gives it back.
func (a *Alone) Run(ctx context.Context) {
	tick := time.NewTicker(a.life / 6)
	defer tick.Stop()
	for a.beat(ctx); ctx.Err() == nil; {
		select {
		case <-ctx.Done():
		case <-tick.C:
			a.beat(ctx)
		}
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if err := leavingAlone.Run(end, a.redis, []string{aloneKey(a.prefix)}, a.name).Err(); err != nil {
		slog.Warn("cluster: the lease of a process alone was not given back", "error", err)
	}
}

// claiming takes the lease of a process alone, or keeps it.
var claiming = redis.NewScript(`
local now = redis.call('get', KEYS[1])
if now and now ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`)

var leavingAlone = redis.NewScript(`if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end return 1`)

func aloneKey(prefix string) string  { return prefix + "alone" }
func rivalsKey(prefix string) string { return prefix + "rivals" }

// beat finds out whether there are others. While Redis cannot be asked it is as it was.
func (a *Alone) beat(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	nodes, err := Nodes(ctx, a.redis, a.prefix)
	rival := len(nodes) > 0
	if err == nil && !rival {
		var got int
		got, err = claiming.Run(ctx, a.redis, []string{aloneKey(a.prefix)}, a.name, a.life.Milliseconds()).Int()
		rival = got == 0
	}
	if err != nil {
		return
	}
	if was := a.rival.Swap(rival); rival && !was {
		slog.Error("cluster: another process has meetings and knows nothing of this one, which takes none: set GONGHUI_MEDIA_INTERNAL for all of them", "process", a.name)
	} else if was && !rival {
		slog.Info("cluster: the other process is gone; this one takes meetings", "process", a.name)
	}
	if rival {
		claim(ctx, a.redis, a.prefix, a.name)
	}
}

// claim notes for the operator that a process takes no rooms because of another.
func claim(ctx context.Context, r redis.UniversalClient, prefix, name string) {
	pipe := r.Pipeline()
	pipe.ZAdd(ctx, rivalsKey(prefix), redis.Z{Score: float64(time.Now().UnixMilli()), Member: name})
	pipe.PExpire(ctx, rivalsKey(prefix), 2*life)
	_, _ = pipe.Exec(ctx) // the operator sees it the next time
}

// Rivals are the processes that take no rooms because others know nothing of them, by name; and the one that has rooms alone.
func Rivals(ctx context.Context, r redis.UniversalClient, prefix string) (rivals []string, alone bool, err error) {
	since := time.Now().Add(-life).UnixMilli()
	all, err := r.ZRangeByScoreWithScores(ctx, rivalsKey(prefix), &redis.ZRangeBy{Min: "-inf", Max: "+inf"}).Result()
	if err != nil {
		return nil, false, err
	}
	for _, z := range all {
		if int64(z.Score) >= since {
			rivals = append(rivals, z.Member.(string))
		}
	}
	n, err := r.Exists(ctx, aloneKey(prefix)).Result()
	return rivals, n > 0, err
}
