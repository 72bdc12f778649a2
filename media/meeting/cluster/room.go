package cluster

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// A room in Redis is a hash: owner, state (what its node keeps of it), present (how many are in it).
func (n *Node) roomKey(room string) string { return n.opt.Prefix + "room:" + room }

// placing gives a room that has no living owner to a node that lives, and tells whose it is. KEYS: the room, the owner that was read,
// the node proposed. ARGV: the owner that was read, its birth, the owner proposed, its birth, the life of the room.
var placing = redis.NewScript(`
local now = redis.call('hget', KEYS[1], 'owner') or ''
if now ~= ARGV[1] then return now end
if now ~= '' then
	local held = redis.call('get', KEYS[2])
	if held and string.sub(held, 1, #ARGV[2]) == ARGV[2] then
		redis.call('pexpire', KEYS[1], ARGV[5])
		return now
	end
end
local next = redis.call('get', KEYS[3])
if not next or string.sub(next, 1, #ARGV[4]) ~= ARGV[4] then return '' end
redis.call('hset', KEYS[1], 'owner', ARGV[3])
redis.call('pexpire', KEYS[1], ARGV[5])
return ARGV[3]
`)

// Place is the node of a room; a room that has none is given to the least loaded one.
func (n *Node) Place(ctx context.Context, room string) (Place, error) {
	for range 5 {
		owner, err := n.opt.Redis.HGet(ctx, n.roomKey(room), "owner").Result()
		if err != nil && !errors.Is(err, redis.Nil) {
			return Place{}, err
		}
		born, name := ownerOf(owner)
		to, err := n.least(ctx, nil)
		if err != nil && owner == "" {
			return Place{}, err
		}
		got, err := placing.Run(ctx, n.opt.Redis, []string{n.roomKey(room), n.nodeKey(name), n.nodeKey(to.Name)},
			owner, born, to.owner(), to.born, roomLife.Milliseconds()).Text()
		if err != nil {
			return Place{}, err
		}
		if got == "" {
			continue // the node proposed has just gone
		}
		if got == to.owner() && got != owner {
			n.mu.Lock()
			n.extra[to.owner()]++
			n.mu.Unlock()
		}
		p, ok, err := n.known(ctx, got)
		if err != nil || ok {
			return p, err
		}
	}
	return Place{}, ErrNoNode
}

// known is a node that lives under a lease.
func (n *Node) known(ctx context.Context, owner string) (Place, bool, error) {
	born, name := ownerOf(owner)
	n.mu.Lock()
	own := Place{Name: n.opt.Name, Address: n.address, Here: true, born: n.born}
	n.mu.Unlock()
	if born != "" && born == own.born && name == own.Name {
		return own, n.Holds(), nil
	}
	raw, err := n.opt.Redis.Get(ctx, n.nodeKey(name)).Result()
	if errors.Is(err, redis.Nil) {
		return Place{}, false, nil
	}
	if err != nil {
		return Place{}, false, err
	}
	p, err := read(raw)
	return p, err == nil && p.born == born, err
}

func read(raw string) (p Place, err error) {
	born, text, _ := strings.Cut(raw, " ")
	err = json.Unmarshal([]byte(text), &p)
	p.born = born
	return p, err
}

// Nodes are those that live, by name.
func Nodes(ctx context.Context, r redis.UniversalClient, prefix string) ([]Place, error) {
	names, err := r.SMembers(ctx, prefix+"nodes").Result()
	if err != nil || len(names) == 0 {
		return nil, err
	}
	slices.Sort(names)
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = prefix + "node:" + name
	}
	rows, err := r.MGet(ctx, keys...).Result()
	if err != nil {
		return nil, err
	}
	all := make([]Place, 0, len(rows))
	for i, row := range rows {
		text, ok := row.(string)
		if !ok {
			// Nobody comes back to a name like a host's with a process id: it is not kept.
			_ = forgetting.Run(ctx, r, []string{keys[i], prefix + "nodes"}, names[i]).Err()
			continue
		}
		p, err := read(text)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

var forgetting = redis.NewScript(`if redis.call('exists', KEYS[1]) == 0 then redis.call('srem', KEYS[2], ARGV[1]) end return 1`)

// AskDrain has a node give its rooms away and take no new ones, or take them again.
func AskDrain(ctx context.Context, r redis.UniversalClient, prefix, name string, on bool) error {
	if on {
		return r.Set(ctx, prefix+"drain:"+name, "1", 7*24*time.Hour).Err()
	}
	return r.Del(ctx, prefix+"drain:"+name).Err()
}

// Least is the node that takes the next room: of those that do not drain, the one with the smallest part of its capacity in use; of
// equals this one. Not is one that is out of the question.
func (n *Node) Least(ctx context.Context, not *Place) (Place, error) { return n.least(ctx, not) }

func (n *Node) least(ctx context.Context, not *Place) (Place, error) {
	all, err := Nodes(ctx, n.opt.Redis, n.opt.Prefix)
	if err != nil {
		return Place{}, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	known := map[string]bool{}
	all = slices.DeleteFunc(all, func(p Place) bool {
		known[p.owner()] = true
		return p.Draining || not != nil && p.owner() == not.owner()
	})
	for owner := range n.extra {
		if !known[owner] {
			delete(n.extra, owner)
		}
	}
	if len(all) == 0 {
		return Place{}, ErrNoNode
	}
	for i := range all {
		all[i].Here = all[i].born == n.born && n.born != ""
	}
	return slices.MinFunc(all, func(a, b Place) int {
		return cmp.Or(cmp.Compare(n.part(a), n.part(b)), cmp.Compare(here(b), here(a)), cmp.Compare(a.Name, b.Name))
	}), nil
}

func here(p Place) int {
	if p.Here {
		return 1
	}
	return 0
}

// roomGuess is how many people a room is taken to have that was just given to a node.
const roomGuess = 3

// part is how much of a node's capacity is in use, with what was given to it since it told its load. The caller holds the lock.
func (n *Node) part(p Place) float64 {
	return float64(p.Load+roomGuess*n.extra[p.owner()]) / float64(max(p.Capacity, 1))
}

// Mine reports whether a room is this node's, as Redis has it.
func (n *Node) Mine(ctx context.Context, room string) (bool, error) {
	owner, err := n.opt.Redis.HGet(ctx, n.roomKey(room), "owner").Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return false, err
	}
	return owner != "" && owner == n.owner() && n.Holds(), nil
}

func (n *Node) owner() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.born == "" {
		return ""
	}
	return n.born + " " + n.opt.Name
}

// changing writes fields of a room that is still the node's, and may hand it over. ARGV: the owner, the owner from now on, the state,
// how many are there, the life of the room.
var changing = redis.NewScript(`
if redis.call('hget', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
redis.call('hset', KEYS[1], 'owner', ARGV[2], 'state', ARGV[3], 'present', ARGV[4])
redis.call('pexpire', KEYS[1], ARGV[5])
return 1
`)

func (n *Node) change(ctx context.Context, room, to string, state []byte, present int) error {
	own := n.owner()
	if own == "" || !n.Holds() {
		return ErrLease
	}
	if to == "" {
		to = own
	}
	got, err := changing.Run(ctx, n.opt.Redis, []string{n.roomKey(room)}, own, to, state, present, roomLife.Milliseconds()).Int()
	if err == nil && got == 0 {
		err = ErrMoved
	}
	return err
}

// Keep writes what is to be known of a room when its node is gone.
func (n *Node) Keep(ctx context.Context, room string, state []byte, present int) error {
	return n.change(ctx, room, "", state, present)
}

// Hand gives a room to another node, with its state.
func (n *Node) Hand(ctx context.Context, room string, to Place, state []byte, present int) error {
	err := n.change(ctx, room, to.owner(), state, present)
	if err == nil {
		n.mu.Lock()
		n.extra[to.owner()]++
		n.mu.Unlock()
	}
	return err
}

// Touch lets a room stay with its node in which nothing changes.
func (n *Node) Touch(ctx context.Context, room string) error {
	return n.opt.Redis.PExpire(ctx, n.roomKey(room), roomLife).Err()
}

// Kept is what was kept of a room; nil when there is nothing.
func (n *Node) Kept(ctx context.Context, room string) ([]byte, error) {
	raw, err := n.opt.Redis.HGet(ctx, n.roomKey(room), "state").Bytes()
	if errors.Is(err, redis.Nil) {
		return nil, nil
	}
	return raw, err
}

// Present is how many are in a room, wherever it is.
func (n *Node) Present(ctx context.Context, room string) (int, error) {
	got, err := n.opt.Redis.HGet(ctx, n.roomKey(room), "present").Int()
	if errors.Is(err, redis.Nil) {
		return 0, nil
	}
	return got, err
}

// Forget ends what is known of a room of this node.
func (n *Node) Forget(ctx context.Context, room string) error {
	return dropping.Run(ctx, n.opt.Redis, []string{n.roomKey(room)}, n.owner()).Err()
}

var dropping = redis.NewScript(`if redis.call('hget', KEYS[1], 'owner') == ARGV[1] then redis.call('del', KEYS[1]) end return 1`)

// Once reports whether a word is used for the first time, by whichever node; it is remembered for a while.
func (n *Node) Once(ctx context.Context, word string, remembered time.Duration) (bool, error) {
	return n.opt.Redis.SetNX(ctx, n.opt.Prefix+"used:"+word, 1, max(remembered, time.Second)).Result()
}

// Where is the node of a room that has one.
func (n *Node) Where(ctx context.Context, room string) (Place, bool, error) {
	owner, err := n.opt.Redis.HGet(ctx, n.roomKey(room), "owner").Result()
	if errors.Is(err, redis.Nil) {
		return Place{}, false, nil
	}
	if err != nil {
		return Place{}, false, err
	}
	return n.known(ctx, owner)
}
