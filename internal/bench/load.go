package bench

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// load is what wrk measured; times in milliseconds.
type load struct {
	PerSecond, P50, P99 float64
	Requests            int
}

var (
	wrkRequests = regexp.MustCompile(`(\d+) requests in`)
	wrkRate     = regexp.MustCompile(`Requests/sec:\s+([\d.]+)`)
	wrkQuantile = regexp.MustCompile(`(?m)^\s+(50|99)%\s+([\d.]+)(us|ms|s)`)
	wrkBad      = regexp.MustCompile(`Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)`)
)

// drive asks for one address from all connections for the time of one measurement, as a
// browser does: kept connections, compressed answers.
func drive(ctx context.Context, o Options, address, cookie string) (load, error) {
	path, err := findTool("wrk")
	if err != nil {
		return load{}, err
	}
	args := []string{"--threads", "1", "--connections", strconv.Itoa(o.Connections), "--duration", fmt.Sprintf("%ds", int(o.Take.Seconds())),
		"--latency", "--timeout", "20s", "--header", "Accept-Encoding: gzip, br"}
	if cookie != "" {
		args = append(args, "--header", "Cookie: "+cookie)
	}
	out, err := exec.CommandContext(ctx, path, append(args, address)...).CombinedOutput()
	if err != nil {
		return load{}, fmt.Errorf("wrk: %w\n%s", err, out)
	}
	return parseLoad(string(out))
}

func parseLoad(text string) (load, error) {
	if bad := wrkBad.FindString(text); bad != "" {
		return load{}, fmt.Errorf("wrk met answers that count for nothing: %s", bad)
	}
	var l load
	if m := wrkRequests.FindStringSubmatch(text); m != nil {
		l.Requests, _ = strconv.Atoi(m[1])
	}
	if m := wrkRate.FindStringSubmatch(text); m != nil {
		l.PerSecond, _ = strconv.ParseFloat(m[1], 64)
	}
	for _, m := range wrkQuantile.FindAllStringSubmatch(text, -1) {
		value, _ := strconv.ParseFloat(m[2], 64)
		value /= map[string]float64{"us": 1000, "ms": 1, "s": 0.001}[m[3]]
		if m[1] == "50" {
			l.P50 = value
		} else {
			l.P99 = value
		}
	}
	if l.Requests == 0 || l.PerSecond == 0 {
		return l, fmt.Errorf("wrk measured nothing:\n%s", text)
	}
	return l, nil
}

// times are CPU microseconds since the start of the processes.
type times struct{ app, server float64 }

// processTimes reads what the portal and all processes of PostgreSQL have used.
func (r *run) processTimes() (times, error) {
	app, err := cpu(r.portal.cmd.Process.Pid, false)
	if err != nil {
		return times{}, err
	}
	server, err := cpu(r.server.PID(), true)
	if err != nil {
		return times{}, err
	}
	children, err := childrenOf(r.server.PID())
	if err != nil {
		return times{}, err
	}
	for _, pid := range children {
		used, err := cpu(pid, false)
		if err == nil { // it may have ended meanwhile
			server += used
		}
	}
	return times{app, server}, nil
}

// tick is the unit of /proc/*/stat: a hundredth of a second on every Linux.
const tick = 10 * time.Millisecond

// cpu is the user and system time of a process in microseconds, with that of its ended
// children where asked.
func cpu(pid int, ended bool) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(text), ") ") // the name may hold spaces
	fields := strings.Fields(after)
	if len(fields) < 15 {
		return 0, fmt.Errorf("/proc/%d/stat is unreadable", pid)
	}
	last := 13
	if ended {
		last = 15
	}
	var sum float64
	for _, field := range fields[11:last] {
		ticks, _ := strconv.ParseFloat(field, 64)
		sum += ticks
	}
	return sum * float64(tick.Microseconds()), nil
}

func childrenOf(parent int) ([]int, error) {
	found, err := filepath.Glob("/proc/[0-9]*/stat")
	var pids []int
	for _, path := range found {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // gone
		}
		_, after, _ := strings.Cut(string(text), ") ")
		fields := strings.Fields(after)
		if len(fields) > 1 && fields[1] == strconv.Itoa(parent) {
			pid, _ := strconv.Atoi(strings.Split(path, "/")[2])
			pids = append(pids, pid)
		}
	}
	return pids, err
}
