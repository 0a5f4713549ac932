// Command live leads one small notebook through a life on the real service, and
// prints which answer the service gives to each open question of the contract.
// It makes what costs money, and deletes it again:
//
//	MODELARTS_ACC_LIVE=1 live -key-pair NAME -mount obs://bucket/folder/
//
// It takes region and credentials from the environment, as the provider does. It
// writes what it saw to a file that the simulator takes with -answers-file.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud"
	"github.com/modelarts-community/terraform-provider-modelarts/internal/live"
)

// consent is the variable without which nothing is asked and nothing is made.
const consent = "MODELARTS_ACC_LIVE"

func main() {
	// The first signal ends the life, the second the deletion of what it made.
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	ctx, cancel := context.WithCancelCause(context.Background())
	hurry, abandon := context.WithCancelCause(context.Background())
	go func() {
		<-signals
		fmt.Fprintln(os.Stderr, "live: deleting what was made; another signal leaves it there")
		cancel(errors.New("it was interrupted"))
		<-signals
		abandon(errors.New("it was interrupted twice"))
	}()
	err := run(ctx, hurry, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "live:", err)
		os.Exit(1)
	}
}

// run leads a life until ctx ends, and cleans up until hurry ends.
func run(ctx, hurry context.Context, args []string, env environment, stdout, stderr io.Writer) error {
	o := live.Options{Pace: live.DefaultPace, Log: stderr}
	flags := flag.NewFlagSet("live", flag.ContinueOnError)
	flags.SetOutput(stderr)
	file := flags.String("file", "live-answers.txt", "`file` to write the answers to, for the simulator's -answers-file")
	clean := flags.Bool("clean", false, "make nothing, and delete what earlier runs have left")
	addFlags(flags, &o)
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if *clean {
		fmt.Fprintf(stdout, "What this deletes: every notebook and image of yours whose name begins with %s.\n", live.Prefix)
	} else if _, err := io.WriteString(stdout, o.Plan()); err != nil {
		return err
	}
	if env(consent) != "1" {
		return fmt.Errorf("nothing was asked, made or deleted: set %s=1 to allow it", consent)
	}
	if err := connect(ctx, env, &o); err != nil {
		return err
	}
	if *clean {
		if left := live.CleanUp(ctx, o); len(left) > 0 {
			return fmt.Errorf("these may be left: %s", strings.Join(left, ", "))
		}
		return nil
	}
	report, err := live.Run(ctx, hurry, o)
	fmt.Fprintln(stdout)
	return errors.Join(err, report.WriteTable(stdout), writeFile(*file, report, stdout))
}

// addFlags has the flags set what there is to make things with.
func addFlags(flags *flag.FlagSet, o *live.Options) {
	text := func(value *string, name, usage string) { flags.StringVar(value, name, "", usage) }
	text(&o.Flavor, "flavor", "`ID` of the flavor (default the smallest CPU flavor that is not sold out)")
	text(&o.Image, "image", "`ID` of the image (default a preset one for the flavor)")
	text(&o.KeyPair, "key-pair", "`name` of a key pair: the notebook gets an SSH endpoint with it; only addresses reserved for documentation may connect")
	text(&o.Mount, "mount", "`obs://bucket/folder/` of a parallel file system: it is mounted, and a data volume; nothing is written")
	text(&o.ObjectBucket, "object-bucket", "`obs://bucket/folder/` of an object bucket, besides -mount")
	text(&o.Unmountable, "unmountable", "`obs://bucket/folder/` that ModelArts cannot mount, besides -mount")
	text(&o.Secret, "secret", "`name` of a secret with the keys to the bucket of -mount: notebooks have it as their main volume")
	text(&o.Organization, "save", "`organization` of the container registry: the notebook is saved as an image")
	text(&o.Pool, "pool", "`ID` of a dedicated pool to make notebooks in")
	text(&o.Workspace, "workspace", "`ID` of a workspace beside 0 to make a notebook in")
	flags.BoolVar(&o.EFS, "efs", false, "make a notebook with an EFS volume of 50 GB")
	flags.BoolVar(&o.Grow, "grow", false, "let the disk grow by 101 GB")
	flags.DurationVar(&o.Pace.Poll, "poll", o.Pace.Poll, "`time` between two looks at what is under way")
	flags.DurationVar(&o.Pace.Late, "late", o.Pace.Late, "`time` that the service may take to show something")
	flags.DurationVar(&o.Pace.Patience, "patience", o.Pace.Patience, "`time` that one transition may take")
	flags.Usage = func() {
		fmt.Fprintf(flags.Output(), "Usage of live: %s=1, region and credentials in the environment, as for the provider.\n"+
			"%s may hold a token of the project that has expired.\n", consent, live.ExpiredTokenVariable)
		flags.PrintDefaults()
	}
}

// plainTimeout bounds the one call that no session makes.
const plainTimeout = time.Minute

// connect opens a session with the credentials of the environment.
func connect(ctx context.Context, env environment, o *live.Options) error {
	config, err := env.config()
	if err != nil {
		return err
	}
	session, err := huaweicloud.New(config)
	if err != nil {
		return fmt.Errorf("%w (%s and credentials are taken from the environment, as docs/index.md says)", err, regionNames[0])
	}
	if err := session.SignIn(ctx); err != nil {
		return err
	}
	if o.Project, err = session.ProjectID(ctx); err != nil {
		return err
	}
	o.Client, o.Endpoint = session.HTTPClient(), session.ModelArtsEndpoint()
	o.Plain = &http.Client{
		Timeout:       plainTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	o.ExpiredToken = env(live.ExpiredTokenVariable)
	o.Secrets = []string{
		config.AccessKey, config.SecretKey, config.SecurityToken, config.AuthToken, config.Password, config.UserName,
		config.DomainName, config.DomainID, config.ProjectID,
	}
	return nil
}

// writeFile writes the answers for the simulator. Without any it leaves the file
// of an earlier run alone.
func writeFile(name string, report *live.Report, stdout io.Writer) (err error) {
	if report.Count("A")+report.Count("B") == 0 {
		return nil
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := report.WriteFile(file); err != nil {
		return err
	}
	fmt.Fprintf(stdout, "Written to %s: simulator -answers-file %s gives the same answers.\n", name, name)
	return nil
}
