// Command simulator serves the ModelArts notebook API, and the part of IAM
// that its clients need, from memory. It prints the environment that points a
// client at it:
//
//	simulator -env-file simulator.env &
//	. ./simulator.env
//	terraform apply
//
// It listens on loopback addresses only, since its control paths below
// /_simulator/ ask for no credentials.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "simulator:", err)
		os.Exit(1)
	}
}

// shutdownTime is how long requests under way may take once the program is
// told to stop.
const shutdownTime = 5 * time.Second

// run serves until ctx is done.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var options simulator.Options
	flags := flag.NewFlagSet("simulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	address := flags.String("address", "127.0.0.1:8080", "loopback `address` to listen on; port 0 takes a free one")
	envFile := flags.String("env-file", "", "`file` to write the environment to as well, once it listens")
	addFlags(flags, &options)
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if err := options.Validate(); err != nil {
		return err
	}
	if err := checkLoopback(ctx, *address); err != nil {
		return err
	}

	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", *address)
	if err != nil {
		return err
	}
	options.PageURL = "http://" + listener.Addr().String()
	service := simulator.New(options)
	server := &http.Server{Handler: service, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	environment := environment("http://"+listener.Addr().String(), service.Options())
	if *envFile != "" {
		if err := writeFile(*envFile, environment); err != nil {
			return errors.Join(err, server.Close())
		}
	}
	if _, err := io.WriteString(stdout, environment); err != nil {
		return errors.Join(err, server.Close())
	}
	fmt.Fprintf(stderr, "simulator: listening on http://%s\n", listener.Addr())

	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	// The context that ended is the sign to stop, not the time to do it in.
	shutdown, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := server.Shutdown(shutdown); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// addFlags has the flags set options. Transitions take a few seconds by
// default, so that progress can be watched.
func addFlags(flags *flag.FlagSet, o *simulator.Options) {
	flags.StringVar(&o.Region, "region", simulator.DefaultRegion, "region")
	flags.StringVar(&o.ProjectID, "project-id", "", "`ID` of the region's project (default derived from the region)")
	flags.StringVar(&o.AccessKey, "access-key", simulator.DefaultAccessKey, "access `key` that is accepted")
	flags.StringVar(&o.SecretKey, "secret-key", simulator.DefaultSecretKey, "secret `key` that is accepted")
	flags.DurationVar(&o.CreateTime, "create-time", 8*time.Second, "time that a creation takes")
	flags.DurationVar(&o.StartTime, "start-time", 6*time.Second, "time that a start takes")
	flags.DurationVar(&o.StopTime, "stop-time", 4*time.Second, "time that a stop takes")
	flags.DurationVar(&o.DeleteTime, "delete-time", 3*time.Second, "time that a deletion takes")
	flags.DurationVar(&o.ResizeTime, "resize-time", 4*time.Second, "time that a volume takes to grow")
	flags.DurationVar(&o.SnapshotTime, "snapshot-time", 6*time.Second, "time that the saving of an image takes")
	flags.DurationVar(&o.MountTime, "mount-time", 2*time.Second, "time that a mount or an unmount takes")
	flags.IntVar(&o.Quota, "quota", simulator.DefaultQuota, "number of notebooks that a user may have")
	flags.Float64Var(&o.Rate, "rate", 0, "requests that are taken in a second (default any number)")
	flags.StringVar(&o.RateRetryAfter, "rate-retry-after", "", "Retry-After `header` of the others' answers (default none)")
	flags.BoolVar(&o.Frozen, "frozen", false, "the account is in arrears")
	flags.BoolVar(&o.StartsInit, "starts-init", false, "a new notebook is INIT before it is CREATING")
	flags.BoolVar(&o.PlainNotFound, "plain-not-found", false, "answer 404 with plain text, as a proxy does, for a notebook that does not exist")
	flags.BoolVar(&o.NoAuthorization, "no-authorization", false, "the account has not authorized ModelArts: creates fail")
	flags.BoolVar(&o.ForbidAuthorizations, "forbid-authorizations", false, "refuse the list of authorizations with 403")
	flags.StringVar(&o.Progress, "progress", simulator.ProgressEven, "`shape` of action_progress: even, first (step 1 until the end), end (all at the end), none or jumping")
	flags.DurationVar(&o.Lag, "lag", simulator.DefaultLag, "how late those answers are that come late")
	flags.Func("answers", "`IDs`, separated by commas, of the open questions below that get answer B (all others get answer A)", func(text string) error {
		o.Answers = append(o.Answers, simulator.ParseAnswers(text)...)
		return nil
	})
	flags.Func("answers-file", "`file` of such IDs, one a line or separated by commas; # begins a comment", func(name string) error {
		text, err := os.ReadFile(name)
		o.Answers = append(o.Answers, simulator.ParseAnswers(string(text))...)
		return err
	})
	flags.Usage = func() { printUsage(flags) }
}

// printUsage writes the flags and the open questions.
func printUsage(flags *flag.FlagSet) {
	w := flags.Output()
	fmt.Fprintln(w, "Usage of simulator:")
	flags.PrintDefaults()
	fmt.Fprintln(w, "\nOpen questions of the contract, by the IDs that -answers takes:")
	// Nothing can be done about a terminal that takes no text.
	_ = simulator.PrintQuestions(w)
}

// checkLoopback refuses an address that others than this machine can reach.
func checkLoopback(ctx context.Context, address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if host == "" {
		return fmt.Errorf("%s is every address of this machine: listen on a loopback address, for example 127.0.0.1%s", address, address)
	}
	found, err := net.DefaultResolver.LookupIPAddr(ctx, host)
	if err != nil {
		return err
	}
	for _, ip := range found {
		if !ip.IP.IsLoopback() {
			return fmt.Errorf("%s is not a loopback address: the control paths need no credentials, so others must not reach them", host)
		}
	}
	return nil
}

// environment is the lines for a shell that point a client at the service.
// The project is left to be looked up, as with the real one.
func environment(url string, o simulator.Options) string {
	var lines strings.Builder
	for _, variable := range [][2]string{
		{"HW_REGION_NAME", o.Region},
		{"HW_ACCESS_KEY", o.AccessKey},
		{"HW_SECRET_KEY", o.SecretKey},
		{"HW_AUTH_URL", url + "/v3"},
		{"MODELARTS_ENDPOINT", url},
	} {
		fmt.Fprintf(&lines, "export %s=%s\n", variable[0], quote(variable[1]))
	}
	return lines.String()
}

// quote makes a text one word for a shell.
func quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// writeFile writes a file at once, so that whoever waits for it never sees
// half of it. It holds the secret key, so only its owner can read it.
func writeFile(name, content string) error {
	file, err := os.CreateTemp(filepath.Dir(name), ".simulator-*")
	if err != nil {
		return err
	}
	_, err = file.WriteString(content)
	if err := errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return os.Rename(file.Name(), name)
}
