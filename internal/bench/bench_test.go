package bench

import (
	"bytes"
	"strings"
	"testing"
)

func TestParseLoad(t *testing.T) {
	l, err := parseLoad(`Running 2s test
  Latency Distribution
     50%    1.20ms
     75%    1.50ms
     90%    2.00ms
     99%  950.00us
  12345 requests in 2.00s, 3.00MB read
Requests/sec:   6172.50
`)
	if err != nil || l != (load{PerSecond: 6172.5, P50: 1.2, P99: 0.95, Requests: 12345}) {
		t.Errorf("got %+v, %v", l, err)
	}
	if _, err := parseLoad("12 requests in 2s\n  Non-2xx or 3xx responses: 12\n"); err == nil {
		t.Error("answers that are no pages were counted")
	}
}

func TestParseLog(t *testing.T) {
	s := parseLog("#bench|portal visitor|LOG:  duration: 0.1 ms  parse stmtcache_1: select 1\n" +
		"#bench|portal visitor|LOG:  duration: 0.1 ms  execute stmtcache_1: select a\n\t from t where b = $1 and c = $2\n" +
		"#bench|portal visitor|DETAIL:  parameters: $1 = 'it''s', $2 = '7'\n" +
		"#|checkpointer|LOG:  something else\n" +
		"#bench|portal system|LOG:  duration: 0.1 ms  execute stmtcache_2: select state from river_job\n")
	if s == nil || len(s.statements) != 1 {
		t.Fatalf("got %+v", s)
	}
	if got := strings.Join(strings.Fields(s.statements[0]), " "); got != "select a from t where b = :v0_1 and c = :v0_2" {
		t.Errorf("statement %q", got)
	}
	if s.values["v0_1"] != "it's" || s.values["v0_2"] != "7" {
		t.Errorf("values %v", s.values)
	}
}

func TestReportWrites(t *testing.T) {
	r := &Report{Records: 1_000_000, Pages: []Page{{Name: "list", Path: "/", PerSecond: 100, Database: 200, Ratio: 0.5, AppCPU: 1, DatabaseCPU: 2},
		{Name: "list, signed in", Path: "/", SignedIn: true, AppCPU: 2, DatabaseCPU: 2}}}
	var out bytes.Buffer
	if err := r.Write(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1,000,000", "0.50", "CPU of the same page: 1.33"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}
