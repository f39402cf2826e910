package blob

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// bucket is as much of S3 as the portal speaks, in memory: objects, ranges, parts, lists.
type bucket struct {
	mutex   sync.Mutex
	objects map[string]object
	parts   map[string]map[int][]byte // upload id → part number → bytes
}

type object struct {
	content []byte
	at      time.Time
}

// fakeS3 starts a store with the bucket "files" and returns its address with credentials.
func fakeS3(t *testing.T) string {
	t.Helper()
	b := &bucket{objects: map[string]object{}, parts: map[string]map[int][]byte{}}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "http://", "s3://key:geheim@", 1)
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key, inBucket := strings.CutPrefix(r.URL.Path, "/files/")
	body, err := readBody(r)
	b.mutex.Lock()
	defer b.mutex.Unlock()
	query := r.URL.Query()
	switch {
	case err != nil:
		fault(w, http.StatusBadRequest, "IncompleteBody")
	case !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=key/"):
		fault(w, http.StatusForbidden, "AccessDenied")
	case !inBucket:
		fault(w, http.StatusNotFound, "NoSuchBucket")
	case key == "":
		b.list(w, query.Get("prefix"))
	case query.Has("uploads"):
		id := strconv.Itoa(len(b.parts) + 1)
		b.parts[id] = map[int][]byte{}
		fmt.Fprintf(w, "<InitiateMultipartUploadResult><UploadId>%s</UploadId></InitiateMultipartUploadResult>", id)
	case query.Has("uploadId"):
		b.multipart(w, r, key, query.Get("uploadId"), body)
	default:
		b.object(w, r, key, body)
	}
}

// readBody takes the signing apart that clients put around streamed chunks.
func readBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil || !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return body, err
	}
	var out []byte
	for {
		head, rest, ok := bytes.Cut(body, []byte("\r\n"))
		size, err := strconv.ParseInt(strings.Split(string(head), ";")[0], 16, 64)
		if !ok || err != nil || int64(len(rest)) < size {
			return nil, io.ErrUnexpectedEOF
		}
		if size == 0 {
			break
		}
		out = append(out, rest[:size]...)
		body = rest[size+2:]
	}
	if want := r.Header.Get("X-Amz-Decoded-Content-Length"); want != strconv.Itoa(len(out)) {
		return nil, io.ErrUnexpectedEOF
	}
	return out, nil
}

func (b *bucket) multipart(w http.ResponseWriter, r *http.Request, key, id string, body []byte) {
	parts, ok := b.parts[id]
	switch {
	case !ok:
		fault(w, http.StatusNotFound, "NoSuchUpload")
	case r.Method == http.MethodPut:
		number, _ := strconv.Atoi(r.URL.Query().Get("partNumber"))
		parts[number] = body
		w.Header().Set("ETag", etag(body))
	case r.Method == http.MethodPost:
		var whole []byte
		for n := range len(parts) {
			whole = append(whole, parts[n+1]...)
		}
		b.objects[key] = object{whole, time.Now()}
		delete(b.parts, id)
		fmt.Fprintf(w, "<CompleteMultipartUploadResult><Bucket>files</Bucket><Key>%s</Key><ETag>%s</ETag></CompleteMultipartUploadResult>", key, etag(whole))
	case r.Method == http.MethodDelete:
		delete(b.parts, id)
		w.WriteHeader(http.StatusNoContent)
	}
}

func (b *bucket) object(w http.ResponseWriter, r *http.Request, key string, body []byte) {
	found, ok := b.objects[key]
	switch r.Method {
	case http.MethodPut:
		b.objects[key] = object{body, time.Now()}
		w.Header().Set("ETag", etag(body))
	case http.MethodDelete:
		delete(b.objects, key)
		w.WriteHeader(http.StatusNoContent)
	default:
		if !ok {
			fault(w, http.StatusNotFound, "NoSuchKey")
			return
		}
		w.Header().Set("ETag", etag(found.content))
		w.Header().Set("Content-Type", "application/octet-stream")
		http.ServeContent(w, r, "", found.at, bytes.NewReader(found.content))
	}
}

func (b *bucket) list(w http.ResponseWriter, prefix string) {
	type entry struct {
		Key          string
		Size         int
		LastModified string
		ETag         string
	}
	var out struct {
		XMLName  xml.Name `xml:"ListBucketResult"`
		Contents []entry
	}
	for key, o := range b.objects {
		if strings.HasPrefix(key, prefix) {
			out.Contents = append(out.Contents, entry{key, len(o.content), o.at.UTC().Format(time.RFC3339), etag(o.content)})
		}
	}
	slices.SortFunc(out.Contents, func(a, b entry) int { return strings.Compare(a.Key, b.Key) })
	_ = xml.NewEncoder(w).Encode(out)
}

func etag(content []byte) string {
	sum := md5.Sum(content)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

func fault(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code></Error>", code)
}
