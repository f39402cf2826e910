package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/birlik/portal/internal/accounts"
	"github.com/birlik/portal/internal/apperr"
	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
)

// userCommand manages accounts from the machine itself: the way in when nobody can sign in
// yet, or any more.
func userCommand(ctx context.Context, args []string) error {
	actions := map[string]func(context.Context, []string) error{
		"create": createUser, "list": listUsers, "reset": resetUser,
	}
	if len(args) > 0 && actions[args[0]] != nil {
		return actions[args[0]](ctx, args[1:])
	}
	fmt.Fprintln(os.Stderr, "usage: portal user create --email ADDRESS --name NAME [--lang tr] [--role administrator]\n"+
		"       portal user list\n       portal user reset [--second-factor] ADDRESS")
	if len(args) > 0 && slices.Contains([]string{"help", "-h", "--help", "-help"}, args[0]) {
		return flag.ErrHelp
	}
	return errUsage
}

// createUser makes an account of the union's staff and prints the link by which its person
// chooses a password.
func createUser(ctx context.Context, args []string) error {
	flags := flagSet("user create", "")
	email := flags.String("email", "", "the person's e-mail address")
	name := flags.String("name", "", "the person's full name")
	lang := flags.String("lang", string(locale.Default), "language of pages and mail: tr, en or ru")
	role := flags.String("role", string(identity.Administrator), "role: "+staffRoles())
	if err := parse(flags, args); err != nil {
		return err
	}
	if !slices.Contains(identity.StaffRoles(), identity.Role(*role)) {
		return fmt.Errorf("%q is no role; choose one of %s", *role, staffRoles())
	}
	if !locale.Known(*lang) {
		return fmt.Errorf("%q is no language of the portal; choose tr, en or ru", *lang)
	}
	return withAccounts(ctx, func(cfg config.Config, service *accounts.Service) error {
		created, err := service.Create(ctx, identity.Worker(), accounts.NewAccount{Email: *email, Name: *name, Lang: *lang,
			Zone: cfg.Union.Zone, Grants: []accounts.GrantInput{{Role: identity.Role(*role)}}})
		if err != nil {
			return inWords(err)
		}
		if !created {
			return fmt.Errorf("%s has an account already; portal user reset %s gives a link to set a password", *email, *email)
		}
		return printLink(ctx, cfg, service, *email)
	})
}

// listUsers prints every account with what it may do.
func listUsers(ctx context.Context, args []string) error {
	if err := parse(flagSet("user list", ""), args); err != nil {
		return err
	}
	return withAccounts(ctx, func(_ config.Config, service *accounts.Service) error {
		list, err := service.List(ctx, identity.Worker())
		if err != nil {
			return err
		}
		out := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
		for _, a := range list {
			fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\n", a.Email, a.Name, a.State, strings.Join(a.Roles, ","), strings.Join(a.Orgs, ","))
		}
		return out.Flush()
	})
}

// resetUser prints a link to set a new password, or takes lost second factors away.
func resetUser(ctx context.Context, args []string) error {
	flags := flagSet("user reset", "ADDRESS")
	second := flags.Bool("second-factor", false, "take the account's second factors away instead: the person sets up another at the next sign-in")
	if err := parse(flags, args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		flags.Usage()
		return errUsage
	}
	return withAccounts(ctx, func(cfg config.Config, service *accounts.Service) error {
		if !*second {
			return printLink(ctx, cfg, service, flags.Arg(0))
		}
		if err := service.DropFactorsOf(ctx, identity.Worker(), flags.Arg(0)); err != nil {
			return inWords(err)
		}
		fmt.Printf("%s has no second factor any more and is signed out everywhere.\n", flags.Arg(0))
		return nil
	})
}

func printLink(ctx context.Context, cfg config.Config, service *accounts.Service, email string) error {
	path, err := service.ResetPath(ctx, identity.Worker(), email)
	if err != nil {
		return inWords(err)
	}
	fmt.Printf("%s%s\nThe link works once, for one hour. Hand it to nobody but the person.\n", cfg.BaseURL, path)
	return nil
}

func withAccounts(ctx context.Context, fn func(cfg config.Config, service *accounts.Service) error) error {
	return withDatabase(ctx, config.LoadBeside, func(cfg config.Config, pools *postgres.Pools) error {
		return fn(cfg, newAccounts(cfg, pools))
	})
}

// inWords tells a refused input in English, the command line's language.
func inWords(err error) error {
	e, ok := err.(*apperr.Error)
	if !ok {
		return err
	}
	words := []string{locale.Text(locale.EN, e.Key, e.Args...)}
	for field, key := range e.Fields {
		words = append(words, field+": "+locale.Text(locale.EN, key))
	}
	return fmt.Errorf("%s", strings.Join(words, "\n  "))
}

func staffRoles() string {
	var names []string
	for _, role := range identity.StaffRoles() {
		names = append(names, string(role))
	}
	return strings.Join(names, ", ")
}
