// Command badnet helps tests in another language with sound and pictures over bad networks:
//
//	badnet relay 127.0.0.1:40000 7        relays datagrams to an address, by a seed
//	badnet speech 5 7 speech.wav          makes five utterances, by a seed
//	badnet hear 5 7 heard.f32             tells how well they are understood in a recording (48 kHz, mono, float32)
//
// A relay is told over its input, a line of JSON each, what to do to packets, and answers each with a line of what it has done so far:
//
//	{"addr":"127.0.0.1:50001", …}
//	< {"up":{"loss":0.2,"delay":30},"down":{"loss":0.2,"delay":30,"rate":300000},"off":false}
//	{"addr":"127.0.0.1:50001","up":{"Passed":12,…},"down":{…}}
//
// Times are milliseconds. It ends with its input.
package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"os"
	"strconv"
	"time"

	"gonghui/media/sfu/badnet"
	"gonghui/media/sfu/badnet/speech"
)

// path is badnet.Path in milliseconds.
type path struct {
	Loss    float64 `json:"loss"`
	Delay   float64 `json:"delay"`
	Jitter  float64 `json:"jitter"`
	Reorder float64 `json:"reorder"`
	Rate    int     `json:"rate"`
	Queue   float64 `json:"queue"`
}

func (p path) path() badnet.Path {
	ms := func(n float64) time.Duration { return time.Duration(n * float64(time.Millisecond)) }
	return badnet.Path{Loss: p.Loss, Delay: ms(p.Delay), Jitter: ms(p.Jitter), Reorder: p.Reorder, Rate: p.Rate, Queue: ms(p.Queue)}
}

var errUsage = errors.New("usage: badnet relay <address> <seed> | speech <utterances> <seed> <file> | hear <utterances> <seed> <file>")

func run(args []string) error {
	if len(args) < 3 {
		return errUsage
	}
	seed, err := strconv.ParseUint(args[2], 10, 64)
	if err != nil {
		return fmt.Errorf("badnet: the seed: %w", err)
	}
	if args[0] == "relay" {
		to, err := netip.ParseAddrPort(args[1])
		if err != nil {
			return fmt.Errorf("badnet: the address: %w", err)
		}
		return relay(to, seed)
	}
	n, err := strconv.Atoi(args[1])
	if err != nil || n < 1 || len(args) != 4 {
		return errUsage
	}
	sound, where := speech.Make(n, seed)
	switch args[0] {
	case "speech":
		return os.WriteFile(args[3], speech.WAV(sound), 0o600)
	case "hear":
		return hear(sound, where, args[3])
	}
	return errUsage
}

// hear tells how well each utterance is understood: those that are not found, not at all.
func hear(sound []float64, where []speech.Utterance, file string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	heard := make([]float64, len(raw)/4)
	for i := range heard {
		heard[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:])))
	}
	each, err := speech.Understood(sound, where, heard)
	if err != nil && !errors.Is(err, speech.ErrNotHeard) {
		return err
	}
	sum := 0.0
	for _, m := range each {
		sum += m
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"stoi": sum / float64(len(where)), "each": each, "of": len(where)})
}

// relay is a bad network until its input ends.
func relay(to netip.AddrPort, seed uint64) error {
	r, err := badnet.Listen("127.0.0.1:0", to, seed, badnet.Path{}, badnet.Path{})
	if err != nil {
		return err
	}
	tell := json.NewEncoder(os.Stdout)
	say := func() error {
		up, down := r.Counts()
		return tell.Encode(map[string]any{"addr": r.Addr().String(), "up": up, "down": down})
	}
	if err := say(); err != nil {
		return err
	}
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var do struct {
			Up, Down path
			Off      bool
		}
		if err := json.Unmarshal(in.Bytes(), &do); err != nil {
			return fmt.Errorf("badnet: %w", err)
		}
		r.Set(do.Up.path(), do.Down.path())
		r.Off(do.Off)
		if err := say(); err != nil {
			return err
		}
	}
	return r.Close()
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
