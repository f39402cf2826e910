package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/birlik/portal/internal/demo"
	"github.com/birlik/portal/internal/subject"
)

// Submit is the sending of finished requests from all connections; times in ms.
type Submit struct {
	Requests  int     `json:"requests"`
	PerSecond float64 `json:"requests_per_second"`
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
}

// sends is how many requests are sent.
const sends = 400

// measureSubmit sends finished drafts of one city, each once, from as many connections as
// pages are read from.
func (r *run) measureSubmit(ctx context.Context) error {
	r.Say("submit")
	city, drafts, err := r.finishedDrafts(ctx)
	if err != nil {
		return err
	}
	if r.portal, err = startPortal(ctx, r.Options, r.server.URL(), 0); err != nil {
		return err
	}
	cookie, err := r.portal.signIn(ctx, "mayor@shusha.example")
	if err != nil {
		return err
	}
	taken, all, err := r.sendAll(ctx, "/tr/m/"+city+"/requests/", drafts, cookie)
	if err != nil {
		return err
	}
	slices.Sort(taken)
	r.report.Submit = Submit{Requests: len(taken), PerSecond: float64(len(taken)) / all.Seconds(), P50: quantile(taken, 0.5), P99: quantile(taken, 0.99)}
	return nil
}

// finishedDrafts makes them for Şuşa and returns its public identifier and theirs.
func (r *run) finishedDrafts(ctx context.Context) (city string, drafts []string, err error) {
	conn, err := pgx.Connect(ctx, r.server.URL())
	if err != nil {
		return "", nil, err
	}
	defer conn.Close(ctx)
	var id int64
	err = conn.QueryRow(ctx, `select s.public_id, s.id from municipalities m join subjects s on s.id = m.id where m.source_id = 'gn:147105'`).Scan(&city, &id)
	if err != nil {
		return "", nil, err
	}
	for range sends {
		drafts = append(drafts, subject.NewPublicID())
	}
	var made int
	err = conn.QueryRow(ctx, demo.FinishedDrafts, drafts, slices.Repeat([]int64{id}, sends)).Scan(&made)
	if err == nil && made != sends {
		err = errors.New("there is no answered request to copy")
	}
	return city, drafts, err
}

// sendAll returns what each sending took, in ms, and what all of them took together.
func (r *run) sendAll(ctx context.Context, below string, drafts []string, cookie string) (taken []float64, all time.Duration, err error) {
	work := make(chan string, len(drafts))
	for _, id := range drafts {
		work <- id
	}
	close(work)
	var (
		desks sync.WaitGroup
		mutex sync.Mutex
	)
	began := time.Now()
	for range r.Connections {
		desks.Go(func() {
			for id := range work {
				one := time.Now()
				fault := r.portal.send(ctx, below+id+"/send", cookie)
				mutex.Lock()
				taken, err = append(taken, float64(time.Since(one).Microseconds())/1000), errors.Join(err, fault)
				mutex.Unlock()
			}
		})
	}
	desks.Wait()
	return taken, time.Since(began), err
}

// send sends one draft; what is not acknowledged is a fault.
func (p *portal) send(ctx context.Context, path, cookie string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+path, strings.NewReader(url.Values{"seq": {"1"}}.Encode()))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Cookie", cookie)
	response, err := p.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if !strings.HasSuffix(response.Header.Get("Location"), "/sent") {
		return fmt.Errorf("%s answers %d", path, response.StatusCode)
	}
	return nil
}

// String is the report's line.
func (s Submit) String() string {
	return fmt.Sprintf("submit: %.0f/s, p50 %.1f ms, p99 %.1f ms (%d requests)\n", s.PerSecond, s.P50, s.P99, s.Requests)
}
