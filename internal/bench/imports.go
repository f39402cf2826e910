package bench

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/imports"
	"github.com/birlik/portal/internal/municipalities"
	"github.com/birlik/portal/internal/postgres"
)

// importRows is how many new municipalities a table brings.
const importRows = 50_000

// Import is the bringing of a table: reading, comparing and storing, by a process of its own.
type Import struct {
	Rows    int     `json:"rows"`
	Seconds float64 `json:"seconds"`
	Peak    float64 `json:"peak_mb"`
}

func (i Import) String() string {
	if i.Rows == 0 {
		return ""
	}
	return fmt.Sprintf("import of %s rows: %.1f s, peak %.0f MB\n", grouped(i.Rows), i.Seconds, i.Peak)
}

// measureImport brings a table of new places, and takes it back.
func (r *run) measureImport(ctx context.Context) error {
	r.Say("importing")
	file := filepath.Join(r.Dir, "import.csv")
	if err := writePlaces(file); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, r.Executable, "import", "municipalities", file)
	cmd.Env = append(os.Environ(), "DATABASE_URL="+r.server.URL(), "PORTAL_LOG_LEVEL=warn")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	peak := watchMemory(cmd.Process.Pid)
	err := cmd.Wait()
	r.report.Import = Import{Rows: importRows, Seconds: time.Since(began).Seconds(), Peak: peak()}
	if err != nil {
		return fmt.Errorf("import: %w: %s", err, out.Bytes()[:min(out.Len(), 400)])
	}
	return r.takeBack(ctx)
}

// watchMemory follows the most memory that a process has held, in MB, and returns what gives
// the last reading. What the kernel tells of an ended process would count this one's memory
// too, from before it became another.
func watchMemory(pid int) (peak func() float64) {
	var most float64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			if m, err := memoryOf(pid); err == nil && m.Peak > 0 {
				most = m.Peak
			}
			select {
			case <-stop:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	}()
	return func() float64 {
		close(stop)
		<-stopped
		return most
	}
}

// writePlaces writes places that no register holds, in a hundred regions.
func writePlaces(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	w := csv.NewWriter(file)
	rows := [][]string{{"name", "country", "region", "lat", "lon", "population"}}
	for n := range importRows {
		rows = append(rows, []string{"Ölçü Beldesi " + strconv.Itoa(n), "TR", "Ölçü " + strconv.Itoa(n%100),
			strconv.FormatFloat(36+float64(n%600)/100, 'f', 5, 64), strconv.FormatFloat(26+float64(n/50)/50, 'f', 5, 64), strconv.Itoa(1000 + n)})
	}
	return w.WriteAll(rows)
}

// takeBack undoes the import, so that the next run finds the database as this one did.
func (r *run) takeBack(ctx context.Context) error {
	pools, err := postgres.Open(ctx, postgres.Options{URL: r.server.URL()})
	if err != nil {
		return err
	}
	defer pools.Close()
	service := imports.New(pools, time.Now, municipalities.ImportKind())
	list, err := service.List(ctx, identity.Worker(), "", 1)
	if err != nil || len(list.Rows) == 0 {
		return err
	}
	i := list.Rows[0]
	if err := service.Undo(ctx, identity.Worker(), i.PublicID, i.Version); err != nil {
		return err
	}
	return service.Run(ctx, imports.Args{ImportID: i.ID, Act: imports.Undoing})
}
