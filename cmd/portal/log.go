package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/go-chi/chi/v5/middleware"

	"github.com/birlik/portal/internal/config"
)

// setLog makes the process's log: JSON lines in production, readable ones elsewhere, each
// with the id of the request that it belongs to.
func setLog(cfg config.Config) {
	options := &slog.HandlerOptions{Level: level(cfg)}
	var handler slog.Handler = slog.NewJSONHandler(os.Stdout, options)
	if cfg.Forgiving() {
		handler = slog.NewTextHandler(os.Stdout, options)
	}
	slog.SetDefault(slog.New(withRequest{handler}))
}

// quiet is for commands whose output a script reads: only what is wrong, on stderr.
func quiet(cfg config.Config) {
	at := max(level(cfg), slog.LevelWarn)
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: at})))
}

func level(cfg config.Config) slog.Level {
	var l slog.Level
	if err := l.UnmarshalText([]byte(cfg.LogLevel)); err != nil {
		return slog.LevelInfo // the settings were checked; the zero Config has none
	}
	return l
}

// withRequest adds the request's id to every line that is logged with its context.
type withRequest struct{ slog.Handler }

func (h withRequest) Handle(ctx context.Context, record slog.Record) error {
	id := middleware.GetReqID(ctx)
	if id != "" && !has(record, "request_id") {
		record.AddAttrs(slog.String("request_id", id))
	}
	return h.Handler.Handle(ctx, record)
}

func has(record slog.Record, key string) bool {
	found := false
	record.Attrs(func(a slog.Attr) bool {
		found = found || a.Key == key
		return !found
	})
	return found
}

func (h withRequest) WithAttrs(attrs []slog.Attr) slog.Handler {
	return withRequest{h.Handler.WithAttrs(attrs)}
}

func (h withRequest) WithGroup(name string) slog.Handler {
	return withRequest{h.Handler.WithGroup(name)}
}
