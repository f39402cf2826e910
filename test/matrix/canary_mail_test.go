package matrix

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
)

// noteFile brings a file with a note: neither its name nor its words are the city's.
func (x crawler) noteFile(desk *http.Client, path string) {
	x.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range map[string]string{"kind": "internal", "body": "Not " + canary} {
		if err := form.WriteField(name, value); err != nil {
			x.t.Fatal(err)
		}
	}
	file, err := form.CreateFormFile("files", canary+".txt")
	if err == nil {
		_, err = io.WriteString(file, canary)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		x.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(x.t.Context(), http.MethodPost, x.p.URL+path, &body)
	if err != nil {
		x.t.Fatal(err)
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	answer, err := desk.Do(request)
	if err != nil {
		x.t.Fatal(err)
	}
	defer answer.Body.Close()
	var n int
	x.p.Query(&n, `select count(*) from message_files f join documents d on d.id = f.document_id join messages m on m.id = f.message_id
		where m.side = 'note' and d.audience = 'staff'`)
	if answer.StatusCode != http.StatusSeeOther || n != 1 {
		x.t.Fatalf("a note with a file: %d, %d files", answer.StatusCode, n)
	}
}

// letter is one about a request of the city that waits for staff: from whom it came is not the city's to know.
func (x crawler) letter(id string) {
	x.t.Helper()
	var n int
	x.p.Query(&n, `with s as (
			insert into subjects (kind, org_id, public_id) values ('received_mail', union_id(), rpad('kanaryamektup', 26, 'a')) returning id, org_id
		), m as (
			insert into received_mails (id, org_id, message_id, from_address, from_name, title, body, size, state, reason, record_id, handled_at)
			select s.id, s.org_id, $1::text, $1 || '@evil.example', $1, $1, $1, 1, 'held', 'unknown_sender', r.id, now() from s, subjects r where r.public_id = $2 returning 1
		) select count(*) from m`, canary, id)
	if n != 1 {
		x.t.Fatal("no letter was planted")
	}
}
