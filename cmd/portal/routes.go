package main

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"runtime"
	"strings"

	"github.com/go-chi/chi/v5"

	"github.com/birlik/portal/internal/config"
	"github.com/birlik/portal/internal/postgres"
)

// routes prints METHOD, pattern and name of every route. It needs no database: nothing is
// asked of one until a request comes.
func routes(ctx context.Context, args []string) error {
	if err := parse(flagSet("routes", ""), args); err != nil {
		return err
	}
	list, err := listRoutes(ctx)
	if err != nil {
		return err
	}
	for _, r := range list {
		fmt.Printf("%s\t%s\t%s\n", r.Method, r.Pattern, r.Name)
	}
	return nil
}

// Route is one line of the list.
type Route struct{ Method, Pattern, Name string }

func listRoutes(ctx context.Context) ([]Route, error) {
	cfg := config.Config{Mode: config.Demo, BaseURL: "http://localhost:8080"}
	pools := &postgres.Pools{}
	app, err := newApp(ctx, cfg, pools)
	if err != nil {
		return nil, err
	}
	front := &front{pools: pools, metrics: newMetrics(pools)}
	var list []Route
	err = chi.Walk(front.router(app.Handler), func(method, pattern string, handler http.Handler, _ ...func(http.Handler) http.Handler) error {
		list = append(list, Route{method, strings.ReplaceAll(pattern, "/*/", "/"), handlerName(handler)})
		return nil
	})
	return list, err
}

// handlerName is "event.show" for the method show of the handler in package eventpages.
func handlerName(handler http.Handler) string {
	value := reflect.ValueOf(handler)
	if value.Kind() != reflect.Func {
		return strings.TrimPrefix(value.Type().String(), "*")
	}
	name := runtime.FuncForPC(value.Pointer()).Name()
	name = name[strings.LastIndex(name, "/")+1:]
	name = strings.NewReplacer("(*Handler).", "", "(Handler).", "", "Handler.", "", "-fm", "").Replace(name)
	room, function, _ := strings.Cut(name, ".")
	return strings.TrimSuffix(room, "pages") + "." + function
}
