package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/postgres"
	"github.com/birlik/portal/internal/requests"
	catalogue "github.com/birlik/portal/internal/services"
)

// servicesCommand prints what can be asked for, one service a line: slug<TAB>states<TAB>title,
// the states of the version in force with spaces between them.
func servicesCommand(ctx context.Context, args []string) error {
	flags := flagSet("services", "")
	lang := flags.String("lang", string(locale.Default), "the language of the titles")
	if err := parse(flags, args); err != nil {
		return err
	}
	if !locale.Known(*lang) {
		flags.Usage()
		return errUsage
	}
	return withDatabase(ctx, config.LoadDatabase, func(_ config.Config, pools *postgres.Pools) error {
		if err := publishForms(ctx, pools); err != nil {
			return err
		}
		list, err := catalogue.New(pools, requests.Rules(), time.Now).Offered(ctx)
		if err != nil {
			return err
		}
		out := bufio.NewWriter(os.Stdout)
		defer out.Flush()
		for _, s := range list {
			var states []string
			for _, step := range s.Steps {
				states = append(states, string(step.State))
			}
			fmt.Fprintf(out, "%s\t%s\t%s\n", s.Slug, strings.Join(states, " "), s.Title.In(locale.Lang(*lang)))
		}
		return nil
	})
}
