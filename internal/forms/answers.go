package forms

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"
)

// Point is a place: where on the map, and in words. Either may be missing.
type Point struct {
	Lat     float64 `json:"lat"`
	Lon     float64 `json:"lon"`
	Known   bool    `json:"known,omitempty"` // Lat and Lon hold something
	Address string  `json:"address,omitempty"`
}

// Contact is a person as an answer.
type Contact struct {
	Name     string `json:"name,omitempty"`
	Position string `json:"position,omitempty"`
	Email    string `json:"email,omitempty"`
	Phone    string `json:"phone,omitempty"`
}

// Attached is one document of a File answer.
type Attached struct {
	ID       int64
	PublicID string
	Name     string
	MIME     string
	Size     int64 // bytes
}

// City is a municipality as an answer: which, and what it was called when it was chosen.
type City struct {
	ID   int64  `json:"id"`   // its subject; the answer is also stored as a reference
	Key  string `json:"key"`  // as the portal's addresses name it
	Name string `json:"name"` // in the language of who chose it
}

// Value is one answer; which parts hold something follows from the field's kind. What could
// not be understood is kept as it was typed, under the name of its box ("" for the only one),
// so that nobody types it twice.
type Value struct {
	Text     string            `json:"text,omitempty"`     // text, long text, the one choice
	List     []string          `json:"list,omitempty"`     // the chosen
	Number   string            `json:"number,omitempty"`   // "1250000.50": digits, a dot, no zeros too many
	Currency string            `json:"currency,omitempty"` // ISO 4217
	Date     string            `json:"date,omitempty"`     // "2026-11-24"
	Place    *Point            `json:"place,omitempty"`
	Person   *Contact          `json:"person,omitempty"`
	City     *City             `json:"city,omitempty"`
	Agreed   bool              `json:"agreed,omitempty"`
	Rows     []Row             `json:"rows,omitempty"` // of a table
	Raw      map[string]string `json:"raw,omitempty"`
	Files    []Attached        `json:"-"` // documents; stored as references
}

// Empty reports whether nothing was answered, not even wrongly.
func (v Value) Empty() bool {
	return v.Text == "" && len(v.List) == 0 && v.Number == "" && v.Date == "" && v.Place == nil &&
		v.Person == nil && v.City == nil && !v.Agreed && len(v.Raw) == 0 && len(v.Files) == 0 && len(v.Rows) == 0
}

// Day is the date of a Date answer in UTC, and false where there is none.
func (v Value) Day() (time.Time, bool) {
	day, err := time.Parse(time.DateOnly, v.Date)
	return day, err == nil
}

// Has reports whether a choice was chosen.
func (v Value) Has(choice string) bool { return v.Text == choice || slices.Contains(v.List, choice) }

// digest tells two answers apart.
func (v Value) digest() string {
	files := make([]int64, len(v.Files))
	for i, f := range v.Files {
		files[i] = f.ID
	}
	all, _ := json.Marshal(struct { // plain data: it cannot fail; S is empty in every digest that is stored
		Value
		S, F []int64
	}{Value: v, F: files})
	sum := sha256.Sum256(all)
	return hex.EncodeToString(sum[:12])
}

// Answers are the values by their field's key.
type Answers map[string]Value
