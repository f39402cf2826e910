// Command summary runs go test and closes with one line that a person and a machine can
// read: "612 passed, 0 failed, 3 skipped". It prints what failed as it fails, and keeps
// go test's exit status.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// event is one line of go test -json.
type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64
}

type count struct {
	passed, failed, skipped int
	output                  map[string][]string // test → what it printed
	skips                   []string
}

func main() {
	started := time.Now()
	cmd := exec.Command("go", append([]string{"test", "-json"}, os.Args[1:]...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		fail(err)
	}
	if err := cmd.Start(); err != nil {
		fail(err)
	}
	c := count{output: map[string][]string{}}
	c.read(out)
	err = cmd.Wait()
	for _, line := range c.skips {
		fmt.Println(line)
	}
	if err != nil && c.failed == 0 {
		c.failed = 1 // a package that does not build counts, too
	}
	fmt.Printf("\n%s\n", time.Since(started).Round(time.Second))
	fmt.Printf("%d passed, %d failed, %d skipped\n", c.passed, c.failed, c.skipped)
	if err != nil || c.passed == 0 {
		os.Exit(1)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func (c *count) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Println(lines.Text()) // a build error is no JSON
			continue
		}
		c.take(e)
	}
}

func (c *count) take(e event) {
	name := e.Package + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		c.output[name] = append(c.output[name], e.Output)
		if e.Action == "build-output" {
			fmt.Print(e.Output)
		}
	case "pass":
		c.ended(e, name, &c.passed)
	case "skip":
		if e.Test != "" {
			c.skips = append(c.skips, "skipped "+name+": "+strings.TrimSpace(strings.Join(c.output[name], "")))
		}
		c.ended(e, name, &c.skipped)
	case "fail":
		fmt.Printf("FAIL %s\n%s", name, strings.Join(c.output[name], ""))
		c.ended(e, name, &c.failed)
	}
}

func (c *count) ended(e event, name string, sum *int) {
	delete(c.output, name)
	if e.Test != "" {
		*sum++
	} else if e.Action != "skip" {
		fmt.Printf("%-4s %6.1fs %s\n", e.Action, e.Elapsed, e.Package)
	}
}
