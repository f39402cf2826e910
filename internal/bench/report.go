package bench

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Report is what was measured; the table and the JSON show the same.
type Report struct {
	At          time.Time `json:"at"`
	Machine     string    `json:"machine"`
	Records     int       `json:"records"` // of each kind but requests
	Cases       int       `json:"cases"`   // requests
	Rounds      int       `json:"rounds"`
	Seconds     float64   `json:"seconds"` // of one measurement
	Connections int       `json:"connections"`
	Start       Start     `json:"start"`
	Pages       []Page    `json:"pages"`
	Cache       Cache     `json:"cache"`
	Search      []Search  `json:"search"`
	Memory      Memory    `json:"memory"`
	Sizes       []Size    `json:"sizes"`
	Import      Import    `json:"import"`
	Dues        Dues      `json:"dues"`
	Submit      Submit    `json:"submit"`
}

// Start is the time to the first answer and that of the process doing nothing, in ms.
type Start struct {
	FirstAnswer  float64 `json:"first_answer_ms"`
	ProcessAlone float64 `json:"process_alone_ms"`
}

// Page is one page without the page cache. CPU is in microseconds a request.
type Page struct {
	Name        string  `json:"name"`
	Path        string  `json:"path"`
	SignedIn    bool    `json:"signed_in"`
	PerSecond   float64 `json:"requests_per_second"`
	P50         float64 `json:"p50_ms"`
	P99         float64 `json:"p99_ms"`
	Statements  int     `json:"statements"`
	Database    float64 `json:"pgbench_per_second"` // the same statements, transactions a second
	Ratio       float64 `json:"ratio"`              // requests ÷ transactions
	AppCPU      float64 `json:"app_cpu_us"`
	DatabaseCPU float64 `json:"database_cpu_us"`
}

// Cache is the first page from the page cache against constant bytes, requests a second.
type Cache struct {
	Page     float64 `json:"page_per_second"`
	Constant float64 `json:"constant_per_second"`
	Ratio    float64 `json:"ratio"`
}

// Search is one sort of searches, in ms.
type Search struct {
	Sort string  `json:"sort"`
	P50  float64 `json:"p50_ms"`
	P99  float64 `json:"p99_ms"`
}

// Memory is that of the portal after load, in MB.
type Memory struct {
	Resident float64 `json:"resident_mb"`
	Peak     float64 `json:"peak_mb"`
}

// Size is a page's weight in bytes.
type Size struct {
	Name       string `json:"name"`
	Plain      int    `json:"plain"`
	Compressed int    `json:"compressed"`
	FirstVisit int    `json:"first_visit"` // with styles, scripts, fonts
}

func newReport(o Options) *Report {
	return &Report{At: time.Now().UTC().Truncate(time.Second), Machine: machine(), Records: o.Records, Cases: o.Cases, Rounds: o.Rounds,
		Seconds: o.Take.Seconds(), Connections: o.Connections}
}

// machine describes what the figures were taken on.
func machine() string {
	model := "unknown processor"
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	return fmt.Sprintf("%d × %s, %s/%s, %s", runtime.NumCPU(), model, runtime.GOOS, runtime.GOARCH, runtime.Version())
}

// Write prints the tables.
func (r *Report) Write(to io.Writer) error {
	fmt.Fprintf(to, "%s\n%s records of each kind, %s requests, %d connections, medians of %d shuffled rounds of %.0f s\n\n",
		r.Machine, grouped(r.Records), grouped(r.Cases), r.Connections, r.Rounds, r.Seconds)
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "page\treq/s\tp50 ms\tp99 ms\tstatements\tpgbench/s\tratio\tapp µs\tdb µs\tapp÷db\t")
	for _, p := range r.Pages {
		fmt.Fprintf(w, "%s\t%.0f\t%.1f\t%.1f\t%d\t%.0f\t%.2f\t%.0f\t%.0f\t%.2f\t\n", p.Name, p.PerSecond, p.P50, p.P99,
			p.Statements, p.Database, p.Ratio, p.AppCPU, p.DatabaseCPU, p.AppCPU/p.DatabaseCPU)
	}
	fmt.Fprintln(w, "\nsearch\tp50 ms\tp99 ms\t")
	for _, s := range r.Search {
		fmt.Fprintf(w, "%s\t%.1f\t%.1f\t\n", s.Sort, s.P50, s.P99)
	}
	fmt.Fprintln(w, "\nweight\tplain kB\tcompressed kB\tfirst visit kB\t")
	for _, s := range r.Sizes {
		fmt.Fprintf(w, "%s\t%.1f\t%.1f\t%.1f\t\n", s.Name, kilo(s.Plain), kilo(s.Compressed), kilo(s.FirstVisit))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(to, "\npage cache: %.0f/s, constant bytes %.0f/s, ratio %.2f\nstart to first answer: %.0f ms (the process alone %.0f ms)\nmemory after load: %.0f MB, peak %.0f MB\n%s%s%s%s",
		r.Cache.Page, r.Cache.Constant, r.Cache.Ratio, r.Start.FirstAnswer, r.Start.ProcessAlone, r.Memory.Resident, r.Memory.Peak, r.Submit, r.Dues, r.Import, r.signedIn())
	return err
}

// signedIn compares the CPU of the same page for a signed-in and an anonymous reader.
func (r *Report) signedIn() string {
	anonymous := map[string]Page{}
	for _, p := range r.Pages {
		if !p.SignedIn {
			anonymous[p.Path] = p
		}
	}
	for _, p := range r.Pages {
		if other, ok := anonymous[p.Path]; ok && p.SignedIn {
			return fmt.Sprintf("signed in ÷ anonymous, CPU of the same page: %.2f\n", (p.AppCPU+p.DatabaseCPU)/(other.AppCPU+other.DatabaseCPU))
		}
	}
	return ""
}

func kilo(bytes int) float64 { return float64(bytes) / 1000 }

// grouped writes 1000000 as 1,000,000.
func grouped(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return quantile(sorted, 0.5)
}

// quantile of sorted values.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}
