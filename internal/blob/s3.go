package blob

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// s3 is a Store in a bucket of any store that speaks S3.
type s3 struct {
	client *minio.Client
	bucket string
}

// partSize bounds what one Put holds in memory; files that are larger go in parts.
const partSize = 8 << 20

func openS3(u *url.URL) (Store, error) {
	secret, _ := u.User.Password()
	query := u.Query()
	client, err := minio.New(u.Host, &minio.Options{
		Creds:        credentials.NewStaticV4(u.User.Username(), secret, ""),
		Secure:       query.Get("insecure") != "true",
		Region:       query.Get("region"),
		BucketLookup: minio.BucketLookupPath,
	})
	if err != nil {
		return nil, fmt.Errorf("storage: %w", err)
	}
	return &s3{client: client, bucket: strings.Trim(u.Path, "/")}, nil
}

// Put implements Store; an S3 store acknowledges when it has the whole.
func (s *s3) Put(ctx context.Context, name string, r io.Reader, size int64) error {
	if err := checkName(name); err != nil {
		return err
	}
	if seeker, ok := r.(io.ReadSeeker); ok { // kept as it is, so that a failed part can be sent again
		return s.put(ctx, name, seeker, size)
	}
	return s.put(ctx, name, &exactly{r, size}, size)
}

func (s *s3) put(ctx context.Context, name string, r io.Reader, size int64) error {
	_, err := s.client.PutObject(ctx, s.bucket, name, r, size, minio.PutObjectOptions{
		ContentType: "application/octet-stream", PartSize: partSize, NumThreads: 1})
	return explain(err)
}

// Open implements Store. The bytes are asked for when they are read.
func (s *s3) Open(ctx context.Context, name string) (io.ReadSeekCloser, error) {
	if err := checkName(name); err != nil {
		return nil, err
	}
	object, err := s.client.GetObject(ctx, s.bucket, name, minio.GetObjectOptions{})
	if err != nil {
		return nil, explain(err)
	}
	if _, err := object.Stat(); err != nil {
		_ = object.Close()
		return nil, explain(err)
	}
	return object, nil
}

// Stat implements Store.
func (s *s3) Stat(ctx context.Context, name string) (Info, error) {
	if err := checkName(name); err != nil {
		return Info{}, err
	}
	object, err := s.client.StatObject(ctx, s.bucket, name, minio.StatObjectOptions{})
	if err != nil {
		return Info{}, explain(err)
	}
	return Info{Name: name, Size: object.Size, At: object.LastModified}, nil
}

// Remove implements Store.
func (s *s3) Remove(ctx context.Context, name string) error {
	if err := checkName(name); err != nil {
		return err
	}
	err := explain(s.client.RemoveObject(ctx, s.bucket, name, minio.RemoveObjectOptions{}))
	if err == fs.ErrNotExist {
		return nil
	}
	return err
}

// List implements Store.
func (s *s3) List(ctx context.Context, prefix string, fn func(Info) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the listing when fn has had enough
	for object := range s.client.ListObjectsIter(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		if object.Err != nil {
			return explain(object.Err)
		}
		if err := fn(Info{Name: object.Key, Size: object.Size, At: object.LastModified}); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// explain turns the store's "no such key" into fs.ErrNotExist; a missing bucket stays a
// fault of the settings.
func explain(err error) error {
	if err == nil {
		return nil
	}
	response := minio.ToErrorResponse(err)
	if response.Code == "NoSuchKey" || response.Code == "" && response.StatusCode == http.StatusNotFound {
		return fs.ErrNotExist
	}
	return fmt.Errorf("storage: %w", err)
}
