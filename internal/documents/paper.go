package documents

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"encoding/binary"
	"encoding/hex"
	"io"
	"regexp"
	"strconv"
)

// What a PDF says of itself. Its page tree and its protection stand in plain words where a
// program reads them first; nothing here needs to understand its pages.
var (
	emptyTree  = regexp.MustCompile(`/Type\s*/Pages\b[^>]*/Count\s+0\b|/Count\s+0\b[^>]*/Type\s*/Pages\b`)
	onePage    = regexp.MustCompile(`/Type\s*/Page\b`)
	encryption = regexp.MustCompile(`/Encrypt\s+(\d+)\s+(\d+)\s+R|/Encrypt\s*<<`)
	fileID     = regexp.MustCompile(`/ID\s*\[\s*(<[0-9A-Fa-f\s]*>|\()`)
)

// Where a PDF is looked at: its trailer stands at the end, of one made for the web at the
// beginning too. One without pages is small.
const (
	lookAt    = 64 << 10
	mostBlank = 64 << 10
)

// paperProblem is why a PDF is not taken: it has no page, or opens with a password only.
func paperProblem(file io.ReaderAt, size int64) (problem string, err error) {
	ends, err := endsOf(file, size)
	if err != nil {
		return "", err
	}
	if size <= mostBlank && (emptyTree.Match(ends) && !onePage.Match(ends) || blank(ends)) {
		return "files.no_pages", nil
	}
	found := encryption.FindSubmatch(ends)
	if found == nil {
		return "", nil
	}
	whole := make([]byte, size)
	if _, err := file.ReadAt(whole, 0); err != nil && err != io.EOF {
		return "", err
	}
	if !opens(whole, string(found[1]), string(found[2])) {
		return "files.locked", nil
	}
	return "", nil
}

// endsOf are the beginning and the end of a file, or all of a small one.
func endsOf(file io.ReaderAt, size int64) ([]byte, error) {
	out := make([]byte, min(size, 2*lookAt))
	if size <= 2*lookAt {
		_, err := file.ReadAt(out, 0)
		return out, noEOF(err)
	}
	if _, err := file.ReadAt(out[:lookAt], 0); err != nil {
		return nil, err
	}
	_, err := file.ReadAt(out[lookAt:], size-lookAt)
	return out, noEOF(err)
}

func noEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// blank reports a PDF that is nothing but its first and last line.
func blank(content []byte) bool {
	for line := range bytes.Lines(content) {
		if line = bytes.TrimSpace(line); len(line) > 0 && line[0] != '%' {
			return false
		}
	}
	return true
}

// padding is what passwords are filled up with.
var padding, _ = hex.DecodeString("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")

// opens reports whether a protected PDF opens without a password: many only forbid to copy
// or print. What cannot be read so is taken for locked.
func opens(whole []byte, number, generation string) bool {
	dict := protection(whole, number, generation)
	revision := integer(dict, "R")
	if revision < 2 || revision > 4 { // later ones hash the password in a way of their own
		return false
	}
	owner, user, id := text(dict, "O"), text(dict, "U"), firstID(whole)
	if len(owner) < 32 || len(user) < 32 {
		return false
	}
	key := fileKey(dict, owner, id, revision)
	if key == nil {
		return false
	}
	if revision == 2 {
		return bytes.Equal(applyRC4(key, padding), user[:32])
	}
	sum := md5.Sum(append(append([]byte{}, padding...), id...))
	out := sum[:]
	for i := range byte(20) {
		turned := make([]byte, len(key))
		for j := range key {
			turned[j] = key[j] ^ i
		}
		out = applyRC4(turned, out)
	}
	return bytes.Equal(out, user[:16])
}

// fileKey is the key that an empty password gives.
func fileKey(dict, owner, id []byte, revision int) []byte {
	length := 5
	if revision > 2 {
		length = 16
		if n := integer(dict, "Length"); n >= 40 && n <= 128 {
			length = n / 8
		}
	}
	in := append(append([]byte{}, padding...), owner[:32]...)
	in = binary.LittleEndian.AppendUint32(in, uint32(int32(integer(dict, "P"))))
	in = append(in, id...)
	if revision == 4 && regexp.MustCompile(`/EncryptMetadata\s+false`).Match(dict) {
		in = append(in, 0xff, 0xff, 0xff, 0xff)
	}
	sum := md5.Sum(in)
	if revision > 2 {
		for range 50 {
			sum = md5.Sum(sum[:length])
		}
	}
	return sum[:length]
}

func applyRC4(key, in []byte) []byte {
	cipher, err := rc4.NewCipher(key)
	if err != nil {
		return nil
	}
	out := make([]byte, len(in))
	cipher.XORKeyStream(out, in)
	return out
}

// protection is the dictionary that says how a PDF is protected.
func protection(whole []byte, number, generation string) []byte {
	at := bytes.LastIndex(whole, []byte("/Encrypt"))
	if number != "" {
		found := regexp.MustCompile(`(?:^|\s)`+number+`\s+`+generation+`\s+obj\b`).FindAllIndex(whole, -1)
		if len(found) == 0 {
			return nil
		}
		at = found[len(found)-1][1]
	}
	return whole[at:min(len(whole), at+4096)]
}

func integer(dict []byte, name string) int {
	found := regexp.MustCompile(`/` + name + `\s+(-?\d+)`).FindSubmatch(dict)
	if found == nil {
		return 0
	}
	n, _ := strconv.Atoi(string(found[1])) // digits alone; too many are none
	return n
}

// text is a string of a dictionary: "(…)" with its escapes, or "<…>" in hexadecimal.
func text(dict []byte, name string) []byte {
	at := regexp.MustCompile(`/` + name + `\s*[(<]`).FindIndex(dict)
	if at == nil {
		return nil
	}
	return written(dict[at[1]-1:])
}

func firstID(whole []byte) []byte {
	found := fileID.FindAllSubmatchIndex(whole, -1)
	if len(found) == 0 {
		return nil
	}
	return written(whole[found[len(found)-1][2]:])
}

// written reads the string that begins a text.
func written(in []byte) []byte {
	if in[0] == '<' {
		end := bytes.IndexByte(in, '>')
		if end < 0 {
			return nil
		}
		out, err := hex.DecodeString(string(bytes.Join(bytes.Fields(in[1:end]), nil)))
		if err != nil {
			return nil
		}
		return out
	}
	var out []byte
	depth := 0
	for i := 0; i < len(in); i++ {
		switch c := in[i]; {
		case c == '\\' && i+1 < len(in):
			n, value := escaped(in[i+1:])
			out, i = append(out, value...), i+n
		case c == '(' && depth == 0:
			depth++
		case c == ')' && depth == 1:
			return out
		default:
			depth += map[byte]int{'(': 1, ')': -1}[c]
			out = append(out, c)
		}
	}
	return nil
}

// escaped reads what stands after a backslash: how long it is, and what it means.
func escaped(in []byte) (n int, value []byte) {
	if at := bytes.IndexByte([]byte("nrtbf"), in[0]); at >= 0 {
		return 1, []byte{"\n\r\t\b\f"[at]}
	}
	for n < len(in) && n < 3 && in[n] >= '0' && in[n] <= '7' {
		n++
	}
	if n == 0 {
		return 1, in[:1]
	}
	code, _ := strconv.ParseUint(string(in[:n]), 8, 16) // three octal digits at most
	return n, []byte{byte(code)}
}
