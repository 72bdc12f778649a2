// Command gonghui is the one program of the product: it serves, it looks after the database, it measures.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	_ "gonghui/app/all"
)

// command is one verb. run gets the words after it.
type command struct {
	name, use, about string
	run              func(ctx context.Context, s *settings, args []string) error
}

var commands = []command{
	{"up", "", "serve everything from one process, with private Postgres and Redis children; what make run does", up},
	{"serve", "[-modules a,b]", "serve the chosen modules", serve},
	{"provisioner", "", "make bodies ready when they are asked for; the one process that may create schemas", provisioner},
	{"signer", "", "hold the signing keys of apps, and sign for the processes that build them; the one process that sees a key", holdKeys},
	{"migrate", "", "bring the database up to date", migrateAll},
	{"seed divisions", "[--townships] [--json]", "found the real union bodies: 3,352, with townships 44,704", seedDivisions},
	{"seed demo", "[--province 44] [--members N]", "fill one province with generated people", seedDemo},
	{"tenant activate", "[--all | CODE…] [--json]", "make bodies ready and wait for it", tenantActivate},
	{"tenant status", "[--json]", "show who is active, waiting, failed or behind", tenantStatus},
	{"admin invite", "--body CODE --phone N [--name NAME] [--role admin]", "print an entry link for the first administrator of a body", adminInvite},
	{"admin reset-factors", "--phone N --reason TEXT", "take every second factor from an account whose owner has lost them all", adminResetFactors},
	{"keys rotate", "", "take a new key into use and re-encrypt what older ones sealed", keysRotate},
	{"rollup recount", "[--repair] [--json]", "compare every figure with the tables it counts", rollupRecount},
	{"audit verify", "--tenant CODE | --platform | --all [--heads FILE] [--archive FILE|KEY|all] [--json]", "find every changed, missing, reordered, inserted or cut-off row of the audit trail", auditVerify},
	{"audit heads", "", "print the signed head of every trail, to be kept elsewhere", auditHeads},
	{"audit archive", "[--json]", "move rows older than their policy into files, as every night does", auditArchive},
	{"audit adopt", "--tenant CODE | --platform | --all --reason TEXT", "seal rows that an earlier release wrote without a seal", auditAdopt},
	{"backup", "[--to DIR | --to s3:PREFIX] [--tenant CODE]", "write a backup of everything, or of one body; with GONGHUI_S3_* set, to s3:backup/DAY", backup},
	{"restore", "--from DIR | s3:PREFIX --tenant CODE", "put one body back as a backup has it, while the others work", restore},
	{"meeting nodes", "[--json]", "show the processes that meetings run on, and how many people are on each", meetingNodes},
	{"meeting drain", "--node NAME [--undo] [--within 2m] [--json]", "have a process give its meetings to the others, and take no new ones", meetingDrain},
	{"app verify", "FILE… [--json]", "read Android packages as a phone would and say whose they are", appVerify},
	{"doctor", "", "check that everything the product needs is there and right", doctor},
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := dispatch(ctx, os.Args[1:]); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "gonghui:", err)
		}
		stop()
		os.Exit(1)
	}
}

func dispatch(ctx context.Context, args []string) error {
	line := strings.Join(args, " ") + " "
	for _, c := range commands {
		if strings.HasPrefix(line, c.name+" ") {
			s, err := readSettings()
			if err != nil {
				return err
			}
			return c.run(ctx, s, args[len(strings.Fields(c.name)):])
		}
	}
	fmt.Fprintln(os.Stderr, "gonghui, the online work platform of trade unions. Commands:")
	for _, c := range commands {
		fmt.Fprintf(os.Stderr, "\n  gonghui %s %s\n      %s\n", c.name, c.use, c.about)
	}
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		return flag.ErrHelp
	}
	return fmt.Errorf("no command %q", strings.TrimSpace(line))
}

// flags parses the flags of a command, wherever they stand among its words.
func flags(name string, args []string, define func(*flag.FlagSet)) ([]string, error) {
	fs := flag.NewFlagSet("gonghui "+name, flag.ContinueOnError)
	define(fs)
	var words []string
	for len(args) > 0 {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		args = fs.Args()
		if len(args) > 0 {
			words = append(words, args[0])
			args = args[1:]
		}
	}
	return words, nil
}
