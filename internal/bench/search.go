package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// asked are the sorts of what people type.
var asked = []struct {
	name string
	make func(name string) string
}{
	{"whole names", func(name string) string { return name }},
	{"beginnings", func(name string) string { return string([]rune(name)[:min(4, len([]rune(name)))]) }},
	{"typing errors", typo},
	{"common words", func(string) string { return "belediyesi" }},
	{"one letter", func(name string) string { return string([]rune(name)[:1]) }},
	{"nothing there", func(name string) string { return "zzz" + name }},
}

// samples is how many searches of each sort are asked.
const samples = 300

// measureSearch asks the directory, one search after the other, and takes each one's time.
func (r *run) measureSearch(ctx context.Context) error {
	var err error
	if r.portal, err = startPortal(ctx, r.Options, r.server.URL(), 0); err != nil {
		return err
	}
	names, err := r.someNames(ctx)
	if err != nil {
		return err
	}
	r.Say("search")
	for _, sort := range asked {
		var taken []float64
		for i := range samples {
			path := "/tr/municipalities?q=" + url.QueryEscape(sort.make(names[i%len(names)]))
			began := time.Now()
			status, err := r.portal.get(ctx, path, "")
			if err != nil || status != 200 {
				return fmt.Errorf("%s answers %d: %w", path, status, err)
			}
			taken = append(taken, float64(time.Since(began).Microseconds())/1000)
		}
		slices.Sort(taken)
		r.report.Search = append(r.report.Search, Search{Sort: sort.name, P50: quantile(taken, 0.5), P99: quantile(taken, 0.99)})
	}
	return nil
}

func (r *run) someNames(ctx context.Context) ([]string, error) {
	conn, err := pgx.Connect(ctx, r.server.URL())
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx)
	rows, _ := conn.Query(ctx, `select name from municipalities tablesample bernoulli (least(100, 100000.0 / $1)) order by id limit 1000`, float64(r.Records))
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	rand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return names, err
}
