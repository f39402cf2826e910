// Package doctor looks at everything that the portal stands on, and says in plain words
// what is wrong and what to do about it.
package doctor

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/birlik/portal/internal/config"
)

// Level says how bad a finding is.
type Level int

// A warning is worth a look; what is wrong keeps people from their work.
const (
	Fine Level = iota
	Warning
	Wrong
)

// Finding is one thing that was looked at.
type Finding struct {
	Level Level
	Topic string // "database", "storage", "mail", "answers", "web", "machine"
	Text  string
}

// Patient is what is examined.
type Patient struct {
	Config   config.Config
	Database string // address; the settings' own, or that of the private server
	To       string // address that a test letter goes to; empty: none is sent
	Now      func() time.Time
}

// findings collect in the order of looking.
type findings struct {
	topic string
	list  []Finding
}

func (f *findings) add(level Level, format string, args ...any) {
	f.list = append(f.list, Finding{level, f.topic, fmt.Sprintf(format, args...)})
}

// check is fine with one text, or else wrong with the other.
func (f *findings) check(ok bool, fine, wrong string) {
	if ok {
		f.add(Fine, "%s", fine)
		return
	}
	f.add(Wrong, "%s", wrong)
}

// Examine looks at everything. Nothing is changed: what is written as a probe is removed,
// and mail goes out only to Patient.To.
func Examine(ctx context.Context, p Patient) []Finding {
	f := &findings{}
	for _, part := range []struct {
		topic string
		look  func(context.Context, *findings)
	}{
		{"database", p.database}, {"storage", p.storage}, {"mail", p.mail}, {"answers", p.mailIn}, {"web", p.web}, {"machine", p.machine},
	} {
		f.topic = part.topic
		bounded, cancel := context.WithTimeout(ctx, 2*time.Minute)
		part.look(bounded, f)
		cancel()
	}
	return f.list
}

// Print writes one line a finding, and returns how many are wrong.
func Print(to io.Writer, list []Finding) (wrong int) {
	marks := map[Level]string{Fine: "ok     ", Warning: "look at", Wrong: "WRONG  "}
	for _, f := range list {
		fmt.Fprintf(to, "%s  %-8s  %s\n", marks[f.Level], f.Topic, f.Text)
		if f.Level == Wrong {
			wrong++
		}
	}
	return wrong
}

// littleSpace is when the disk of the data folder is about to be full.
const littleSpace = 1 << 30

// machine looks at the data folder.
func (p Patient) machine(_ context.Context, f *findings) {
	dir, err := filepath.Abs(p.Config.DataDir)
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err != nil {
		f.add(Wrong, "PORTAL_DATA_DIR cannot be made: %v. Name a folder that the portal may write to.", err)
		return
	}
	probe, err := os.CreateTemp(dir, "probe")
	if err != nil {
		f.add(Wrong, "PORTAL_DATA_DIR %s cannot be written to: %v.", dir, err)
		return
	}
	_ = probe.Close()
	_ = os.Remove(probe.Name()) // an empty file more does no harm
	var room syscall.Statfs_t
	if err := syscall.Statfs(dir, &room); err == nil && int64(room.Bavail)*int64(room.Bsize) < littleSpace {
		f.add(Warning, "Less than 1 GB is free where PORTAL_DATA_DIR lies (%s): make room.", dir)
		return
	}
	f.add(Fine, "the data folder %s can be written to", dir)
}
