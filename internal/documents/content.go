package documents

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
)

// Keep stores bytes that are no document, such as a letter as it came, and returns their
// digest. A row that refers to blobs (sha256) must be written within a day, and sweepBlobs
// must know of it.
func (s *Service) Keep(ctx context.Context, content []byte) (digest string, err error) {
	sum := sha256.Sum256(content)
	digest = hex.EncodeToString(sum[:])
	return digest, s.keep(ctx, digest, bytes.NewReader(content), int64(len(content)))
}

// Kept reads what Keep stored.
func (s *Service) Kept(ctx context.Context, digest string) ([]byte, error) {
	file, err := s.store.Open(ctx, blobName(digest))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}
