package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// command is what the program was asked for.
type command struct {
	options simulator.Options

	address, envFile, stateFile          string
	verbose                              bool
	version, questions, catalogueExample bool
}

// group is the flags that -help shows together.
type group struct {
	title string
	names []string
}

// groups are the flags in the order of -help. A test holds every flag in one.
var groups = []group{
	{"Where it listens, and what it prints", []string{"address", "env-file", "v", "version", "help"}},
	{"What it keeps", []string{"state-file"}},
	{"The account", []string{
		"region", "project-id", "access-key", "secret-key", "quota", "key-pairs", "frozen", "no-authorization", "forbid-authorizations",
	}},
	{"The catalogue", []string{"catalogue", "catalogue-example", "sold-out"}},
	{"How long things take", []string{
		"speed", "create-time", "start-time", "stop-time", "delete-time", "resize-time", "snapshot-time", "mount-time", "lag",
	}},
	{"What it returns", []string{
		"answers", "answers-file", "questions", "progress", "starts-init", "plain-not-found", "rate", "rate-retry-after",
	}},
}

// parse reads the arguments of the program. It prints the help where that is
// asked for, which is [flag.ErrHelp].
func parse(args []string, stdout io.Writer) (*command, error) {
	c := &command{}
	flags := newFlags(c)
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		printUsage(stdout, flags)
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%w; -help lists the flags", err)
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("unexpected argument %q; -help lists the flags", flags.Arg(0))
	}
	return c, c.options.Validate()
}

// newFlags has flags set what the program is asked for. Transitions take a few
// seconds by default, so that progress can be watched.
func newFlags(c *command) *flag.FlagSet {
	flags := flag.NewFlagSet("simulator", flag.ContinueOnError)
	flags.StringVar(&c.address, "address", "127.0.0.1:8080", "loopback `address` to listen on; port 0 uses a free port")
	flags.StringVar(&c.envFile, "env-file", "", "`file` to write the environment variables to, when the simulator listens")
	flags.BoolVar(&c.verbose, "v", false, "write a line for each request to the service, without its secrets")
	flags.BoolVar(&c.version, "version", false, "print the version and exit")
	flags.StringVar(&c.stateFile, "state-file", "", "`file` that keeps the state of the service across restarts; created if it does not exist; contains secrets")
	flags.BoolVar(&c.catalogueExample, "catalogue-example", false, "print the built-in catalogue and exit")
	flags.BoolVar(&c.questions, "questions", false, "print the open questions of the contract with both answers, and exit")
	accountFlags(flags, &c.options)
	catalogueFlags(flags, &c.options)
	timeFlags(flags, &c.options)
	answerFlags(flags, &c.options)
	// The help is long, and would hide the error.
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	return flags
}

func accountFlags(flags *flag.FlagSet, o *simulator.Options) {
	flags.StringVar(&o.Region, "region", simulator.DefaultRegion, "`ID` of the region")
	flags.StringVar(&o.ProjectID, "project-id", "", "`ID` of the region's project (default derived from the region)")
	flags.StringVar(&o.AccessKey, "access-key", simulator.DefaultAccessKey, "access `key` that is accepted")
	flags.StringVar(&o.SecretKey, "secret-key", simulator.DefaultSecretKey, "secret `key` that is accepted")
	flags.IntVar(&o.Quota, "quota", simulator.DefaultQuota, "`number` of notebooks that a user may have")
	flags.Func("key-pairs", "`names`, separated by commas, of the key pairs that exist; the simulator refuses notebooks with other key pairs (default any name is accepted)", list(&o.KeyPairs))
	flags.BoolVar(&o.Frozen, "frozen", false, "the account is in arrears")
	flags.BoolVar(&o.NoAuthorization, "no-authorization", false, "the account has not authorized ModelArts: creates fail")
	flags.BoolVar(&o.ForbidAuthorizations, "forbid-authorizations", false, "refuse the list of authorizations with 403")
}

func catalogueFlags(flags *flag.FlagSet, o *simulator.Options) {
	flags.Func("catalogue", "`file` with the flavors, images and pools, in the format of -catalogue-example", func(name string) error {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		o.Catalogue, err = simulator.ParseCatalogue(text)
		return err
	})
	flags.Func("sold-out", "`IDs`, separated by commas, of flavors that are sold out", list(&o.SoldOut))
}

func timeFlags(flags *flag.FlagSet, o *simulator.Options) {
	flags.Func("speed", "`factor` that divides the times below: with 10, transitions are ten times faster; leases and the clock keep their speed (default 1)", func(text string) error {
		var err error
		if o.Speed, err = strconv.ParseFloat(text, 64); err != nil || !(o.Speed > 0) {
			return errors.New("it is not a number above 0")
		}
		return nil
	})
	flags.DurationVar(&o.CreateTime, "create-time", 8*time.Second, "`time` that a creation takes")
	flags.DurationVar(&o.StartTime, "start-time", 6*time.Second, "`time` that a start takes")
	flags.DurationVar(&o.StopTime, "stop-time", 4*time.Second, "`time` that a stop takes")
	flags.DurationVar(&o.DeleteTime, "delete-time", 3*time.Second, "`time` that a deletion takes")
	flags.DurationVar(&o.ResizeTime, "resize-time", 4*time.Second, "`time` that a volume takes to grow")
	flags.DurationVar(&o.SnapshotTime, "snapshot-time", 6*time.Second, "`time` that the saving of an image takes")
	flags.DurationVar(&o.MountTime, "mount-time", 2*time.Second, "`time` that a mount or an unmount takes")
	flags.DurationVar(&o.Lag, "lag", simulator.DefaultLag, "delay of late responses, as a `time`")
}

func answerFlags(flags *flag.FlagSet, o *simulator.Options) {
	flags.Float64Var(&o.Rate, "rate", 0, "`number` of requests per second before throttling (default unlimited)")
	flags.StringVar(&o.RateRetryAfter, "rate-retry-after", "", "Retry-After `header` of throttled responses (default none)")
	flags.BoolVar(&o.StartsInit, "starts-init", false, "a new notebook is INIT before it is CREATING")
	flags.BoolVar(&o.PlainNotFound, "plain-not-found", false, "return 404 with plain text, as a proxy does, for a notebook that does not exist")
	flags.StringVar(&o.Progress, "progress", simulator.ProgressEven, "`shape` of action_progress: even, first (step 1 until the end), end (all at the end), none or jumping")
	flags.Func("answers", "`IDs`, separated by commas, of the open questions for which to use answer B; answer A for all others", func(text string) error {
		o.Answers = append(o.Answers, simulator.ParseAnswers(text)...)
		return nil
	})
	flags.Func("answers-file", "`file` of such IDs, one per line or separated by commas; # begins a comment", func(name string) error {
		text, err := os.ReadFile(name)
		o.Answers = append(o.Answers, simulator.ParseAnswers(string(text))...)
		return err
	})
}

// list appends what a flag names, separated by commas.
func list(to *[]string) func(string) error {
	return func(text string) error {
		for name := range strings.SplitSeq(text, ",") {
			if name = strings.TrimSpace(name); name != "" {
				*to = append(*to, name)
			}
		}
		return nil
	}
}

// printUsage writes the flags by their groups, and the control paths.
func printUsage(w io.Writer, flags *flag.FlagSet) {
	fmt.Fprintf(w, `The simulator serves the ModelArts notebook API, and the part of IAM that its
clients need, from memory. It prints the environment that points a client at it.

  %s -env-file simulator.env &
  . ./simulator.env
  terraform apply

Open http://127.0.0.1:8080/ in a browser to see and command it.
`, filepath.Base(os.Args[0]))
	for _, g := range groups {
		fmt.Fprintf(w, "\n%s:\n", g.title)
		for _, name := range g.names {
			if name == "help" {
				fmt.Fprintln(w, "  -help\n        print this")
				continue
			}
			printFlag(w, flags.Lookup(name))
		}
	}
	fmt.Fprint(w, "\nPaths that command it while it runs (http://127.0.0.1:8080/_simulator/ describes bodies and faults):\n")
	for _, p := range simulator.ControlPaths() {
		fmt.Fprintf(w, "  %-6s %s\n         %s\n", p.Method, p.Path, p.Text)
	}
}

// printFlag writes a flag as flag.PrintDefaults does.
func printFlag(w io.Writer, f *flag.Flag) {
	value, text := flag.UnquoteUsage(f)
	if value != "" {
		value = " " + value
	}
	if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" {
		text += fmt.Sprintf(" (default %s)", f.DefValue)
	}
	fmt.Fprintf(w, "  -%s%s\n        %s\n", f.Name, value, text)
}
