// Command simulator serves the ModelArts notebook API, and the part of IAM
// that its clients need, from memory. It prints the environment that points a
// client at it:
//
//	simulator -env-file simulator.env &
//	. ./simulator.env
//	terraform apply
//
// A page at / shows what it knows and commands it; /_simulator/ lists the paths
// that do the same for programs. Since they ask for no credentials, it listens
// on loopback addresses only.
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
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/simulator"
)

// version is set when a release is built.
var version = ""

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
	c, err := parse(args, stdout)
	if err != nil {
		return err
	}
	if done, err := c.print(stdout); done {
		return err
	}
	if err := checkLoopback(ctx, c.address); err != nil {
		return err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", c.address)
	if err != nil {
		return err
	}
	url := "http://" + listener.Addr().String()
	c.options.PageURL = url
	if c.verbose {
		c.options.OnRequest = newRequestLog(stderr).write
	}
	service, handler, state, err := c.open()
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	fmt.Fprintf(stderr, "simulator: listening on %s\nsimulator: open %s/ in a browser to see and command it\n", url, url)
	environment := environment(url, service.Options())
	if c.envFile != "" {
		if err := writeFile(c.envFile, []byte(environment)); err != nil {
			return errors.Join(err, server.Close())
		}
	}
	if _, err := io.WriteString(stdout, environment); err != nil {
		return errors.Join(err, server.Close())
	}
	return errors.Join(serveUntil(ctx, server, served), state.save())
}

// serveUntil waits until ctx is done, and then until the requests under way are.
func serveUntil(ctx context.Context, server *http.Server, served <-chan error) error {
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

// open makes the service, from the state file where there is one.
func (c *command) open() (*simulator.Simulator, http.Handler, *stateFile, error) {
	if c.stateFile == "" {
		service := simulator.New(c.options)
		return service, service, nil, nil
	}
	state, err := openState(c.stateFile, c.options)
	if err != nil {
		return nil, nil, nil, err
	}
	return state.service, state, state, nil
}

// print writes what was asked for in place of serving, and reports whether that
// was so.
func (c *command) print(stdout io.Writer) (done bool, err error) {
	switch {
	case c.version:
		_, err = fmt.Fprintln(stdout, "simulator", ownVersion())
	case c.questions:
		err = simulator.PrintQuestions(stdout)
	case c.catalogueExample:
		var text []byte
		if text, err = simulator.DefaultCatalogue().JSON(); err == nil {
			_, err = fmt.Fprintf(stdout, "%s\n", text)
		}
	default:
		return false, nil
	}
	return true, err
}

// ownVersion is the version of a release, or that of the module for a program
// that "go run" or "go install" has built.
func ownVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return strings.TrimPrefix(info.Main.Version, "v")
	}
	return "dev"
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
// half of it. It holds secrets, so only its owner can read it.
func writeFile(name string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(name), ".simulator-*")
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), name)
	}
	if err != nil {
		err = errors.Join(err, os.Remove(file.Name()))
	}
	return err
}
