// Command portal is the whole portal: the server, and what an operator needs beside it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones for machines that have none
)

// command is one thing that portal does.
type command struct {
	name, does string
	run        func(ctx context.Context, args []string) error
}

// commands are listed in the order of the help.
func commands() []command {
	return []command{
		{"serve", "answer requests and run jobs", serve},
		{"migrate", "bring the database's schema up to this version", migrate},
		{"seed", "fill in the demonstration data", seedCommand},
		{"user", "create, list and reset accounts", userCommand},
		{"import", "bring a table of municipalities or other records in", importCommand},
		{"mail-in", "take letters in that came as files", mailInCommand},
		{"backup", "keep database and files in one archive", backupCommand},
		{"restore", "bring an archive back into an empty place", restoreCommand},
		{"doctor", "say in plain words what is wrong", doctorCommand},
		{"dues", "count what members owe for a year, and issue it", duesCommand},
		{"services", "list what members can ask for: slug, states, title", servicesCommand},
		{"search", "find records by name, as the portal does", searchCommand},
		{"bench", "measure pages against the database's own limit", benchCommand},
		{"routes", "list METHOD, pattern and name of every route", routes},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		<-ctx.Done()
		stop() // a second signal ends the process at once
	}()
	err := dispatch(ctx, os.Args[1:])
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "portal:", err)
		os.Exit(1)
	}
}

// errUsage is a command line that was explained already.
var errUsage = errors.New("usage")

func dispatch(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage()
		return nil
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(ctx, args[1:])
		}
	}
	fmt.Fprintf(os.Stderr, "portal: there is no command %q\n\n", args[0])
	usage()
	return errUsage
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: portal COMMAND [options]")
	for _, c := range commands() {
		fmt.Fprintf(os.Stderr, "  %-8s %s\n", c.name, c.does)
	}
	fmt.Fprintln(os.Stderr, "portal COMMAND -h tells a command's options; docs/deploy.md the settings.")
}

// parse reads a command's options. A fault is printed with the command's help.
func parse(flags *flag.FlagSet, args []string) error {
	err := flags.Parse(args)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return err
	}
	return errUsage
}

func flagSet(name, arguments string) *flag.FlagSet {
	flags := flag.NewFlagSet("portal "+name, flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprintf(flags.Output(), "usage: portal %s [options] %s\n", name, arguments)
		flags.PrintDefaults()
	}
	return flags
}
