package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/mailin"
	"github.com/birlik/portal/internal/postgres"
)

// mailInCommand takes letters in that came as files, and prints for each what became of it:
// state<TAB>reason<TAB>file. "-" is the standard input. A letter that was stored is taken,
// whatever became of it; with one that was not the status is 1.
func mailInCommand(ctx context.Context, args []string) error {
	flags := flagSet("mail-in", "FILE…")
	if err := parse(flags, args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		flags.Usage()
		return errUsage
	}
	return withDatabase(ctx, config.LoadBeside, func(cfg config.Config, pools *postgres.Pools) error {
		s, err := newServices(cfg, pools)
		if err != nil {
			return err
		}
		var failed []error
		for _, name := range flags.Args() {
			if err := takeLetter(ctx, s.mailin, name); err != nil {
				failed = append(failed, fmt.Errorf("%s: %w", name, inWords(err)))
			}
		}
		return errors.Join(failed...)
	})
}

func takeLetter(ctx context.Context, service *mailin.Service, name string) error {
	raw, err := readLetter(name)
	if err != nil {
		return err
	}
	m, err := service.Deliver(ctx, identity.Worker(), raw)
	if err == nil {
		fmt.Printf("%s\t%s\t%s\n", m.State, m.Reason, name)
	}
	return err
}

func readLetter(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(os.Stdin, mailin.MaxBytes+1))
	}
	return os.ReadFile(name)
}
