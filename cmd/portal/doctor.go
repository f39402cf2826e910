package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/doctor"
)

// doctorCommand says what is wrong with settings, database, storage, mail and web.
func doctorCommand(ctx context.Context, args []string) error {
	flags := flagSet("doctor", "")
	to := flags.String("to", "", "send a test letter to this address")
	quick := flags.Bool("quick", false, "only ask the portal on this machine whether it is ready (for health checks)")
	if err := parse(flags, args); err != nil {
		return err
	}
	cfg, err := config.Load()
	if err != nil {
		return err
	}
	quiet(cfg)
	if *quick {
		return ask(ctx, cfg)
	}
	fmt.Println("ok       settings  read and complete")
	db, err := joinDatabase(ctx, cfg)
	if err != nil {
		return err
	}
	defer db.Close()
	list := doctor.Examine(ctx, doctor.Patient{Config: cfg, Database: db.URL, To: *to, Now: time.Now})
	if wrong := doctor.Print(os.Stdout, list); wrong > 0 {
		return fmt.Errorf("%d things are wrong", wrong)
	}
	return nil
}

// ask is the health check of a container: this machine's own portal, and no other.
func ask(ctx context.Context, cfg config.Config) error {
	host, port, err := net.SplitHostPort(cfg.Addr)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	status, err := doctor.Ask(ctx, "http://"+net.JoinHostPort(host, port)+"/readyz")
	if err == nil && status != 200 {
		err = errors.New("the portal is not ready")
	}
	return err
}
