package documents

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/url"
	"time"
)

// scanWithin bounds what a scanner may take for one file.
const scanWithin = 2 * time.Minute

// ask asks clamd about a file by its INSTREAM command and reports whether it is clean. An
// answer that is neither yes nor no is an error: nothing is taken for clean by silence.
func ask(ctx context.Context, clamd string, file io.Reader) (clean bool, err error) {
	u, err := url.Parse(clamd)
	if err != nil {
		return false, fmt.Errorf("PORTAL_CLAMD cannot be read: %w", err)
	}
	network, address := "tcp", u.Host
	if u.Scheme == "unix" {
		network, address = "unix", u.Path
	}
	ctx, cancel := context.WithTimeout(ctx, scanWithin)
	defer cancel()
	conn, err := (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, address)
	if err != nil {
		return false, fmt.Errorf("virus scanner: %w", err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if err := stream(conn, file); err != nil {
		return false, fmt.Errorf("virus scanner: %w", err)
	}
	answer, err := io.ReadAll(io.LimitReader(conn, 1000))
	if err != nil && len(answer) == 0 {
		return false, fmt.Errorf("virus scanner: %w", err)
	}
	answer = bytes.TrimRight(answer, "\x00\n")
	switch {
	case bytes.HasSuffix(answer, []byte(": OK")):
		return true, nil
	case bytes.HasSuffix(answer, []byte(" FOUND")):
		return false, nil
	}
	return false, fmt.Errorf("virus scanner: %q", answer)
}

// stream sends a file in chunks, each after its length; a chunk of none ends it.
func stream(w io.Writer, file io.Reader) error {
	if _, err := io.WriteString(w, "zINSTREAM\x00"); err != nil {
		return err
	}
	chunk := make([]byte, 4+64<<10)
	for {
		n, err := io.ReadFull(file, chunk[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(chunk, uint32(n))
			if _, err := w.Write(chunk[:4+n]); err != nil {
				return err
			}
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		}
		if err != nil {
			return err
		}
	}
	_, err := w.Write([]byte{0, 0, 0, 0})
	return err
}
