package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/redis/go-redis/v9"

	"gonghui/media/meeting"
	"gonghui/media/meeting/cluster"
)

// withNodes opens Redis for a command on the nodes of meetings.
func withNodes(s *settings, f func(r redis.UniversalClient, prefix string) error) error {
	ring, err := s.ring(false)
	if err != nil {
		return err
	}
	r, stop, err := openRedis(s)
	if err != nil {
		return err
	}
	defer stop()
	return f(r, meeting.NodesPrefix(ring))
}

// meetingNodes shows the nodes that meetings run on.
func meetingNodes(ctx context.Context, s *settings, args []string) error {
	var asJSON bool
	if _, err := flags("meeting nodes", args, func(f *flag.FlagSet) { f.BoolVar(&asJSON, "json", false, "print JSON") }); err != nil {
		return err
	}
	return withNodes(s, func(r redis.UniversalClient, prefix string) error {
		all, err := cluster.Nodes(ctx, r, prefix)
		if err != nil {
			return err
		}
		if asJSON {
			newProgress("nodes", true).result(all)
			return nil
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "node\taddress\tpeople\tof\t")
		for _, n := range all {
			state := ""
			if n.Draining {
				state = "takes no new meetings"
			}
			fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%s\n", n.Name, n.Address, n.Load, n.Capacity, state)
		}
		return w.Flush()
	})
}

// meetingProcesses says on which processes meetings run, and which of them know nothing of each other.
func meetingProcesses(ctx context.Context, s *settings) (detail string, err error) {
	err = withNodes(s, func(r redis.UniversalClient, prefix string) error {
		nodes, err := cluster.Nodes(ctx, r, prefix)
		if err != nil {
			return err
		}
		rivals, alone, err := cluster.Rivals(ctx, r, prefix)
		switch {
		case err != nil:
			return err
		case len(rivals) > 0:
			return fmt.Errorf("%s: no meetings there, since other processes that serve them know nothing of it; set GONGHUI_MEDIA_INTERNAL for all of them", strings.Join(rivals, ", "))
		case len(nodes) > 0:
			detail = fmt.Sprintf("on %d nodes", len(nodes))
		case alone:
			detail = "on one process"
		default:
			detail = "no process serves them just now"
		}
		return nil
	})
	return detail, err
}

// meetingDrain has a node give its meetings to the others and take no new ones, and waits until it has none.
func meetingDrain(ctx context.Context, s *settings, args []string) error {
	var name string
	var undo, asJSON bool
	var within time.Duration
	_, err := flags("meeting drain", args, func(f *flag.FlagSet) {
		f.StringVar(&name, "node", "", "name of the node, as meeting nodes shows it")
		f.BoolVar(&undo, "undo", false, "have it take meetings again")
		f.DurationVar(&within, "within", 2*time.Minute, "how long to wait until it is empty")
		f.BoolVar(&asJSON, "json", false, "print JSON")
	})
	if err != nil {
		return err
	}
	if name == "" {
		return errors.New("--node is empty: gonghui meeting nodes shows the names")
	}
	return withNodes(s, func(r redis.UniversalClient, prefix string) error {
		if undo {
			return cluster.AskDrain(ctx, r, prefix, name, false)
		}
		node, err := nodeNamed(ctx, r, prefix, name)
		if err != nil {
			return err
		}
		if err := cluster.AskDrain(ctx, r, prefix, name, true); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, within)
		defer cancel()
		bar, most := newProgress("drain", asJSON), node.Load
		tick := time.NewTicker(500 * time.Millisecond)
		defer tick.Stop()
		for node.Load > 0 || !node.Draining {
			bar.at(max(most-node.Load, 0), max(most, node.Load))
			select {
			case <-ctx.Done():
				return fmt.Errorf("node %s still has %d people; it goes on giving its meetings away", name, node.Load)
			case <-tick.C:
			}
			if node, err = nodeNamed(ctx, r, prefix, name); err != nil {
				return err
			}
		}
		bar.at(max(most, 1), max(most, 1))
		return nil
	})
}

func nodeNamed(ctx context.Context, r redis.UniversalClient, prefix, name string) (cluster.Place, error) {
	all, err := cluster.Nodes(ctx, r, prefix)
	if err != nil {
		return cluster.Place{}, err
	}
	for _, n := range all {
		if n.Name == name {
			return n, nil
		}
	}
	return cluster.Place{}, fmt.Errorf("no node %q is running", name)
}
