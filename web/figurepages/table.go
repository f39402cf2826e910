package figurepages

import (
	"strconv"

	"github.com/birlik/portal/internal/export"
	"github.com/birlik/portal/internal/requests"
)

func each[T any](list []T) export.Rows[T] {
	return func(fn func(T) error) error {
		for _, x := range list {
			if err := fn(x); err != nil {
				return err
			}
		}
		return nil
	}
}

// countTable declares the columns of counts; what names a row is called first.
func countTable(name, first string) export.Table[requests.Tally] {
	number := func(name string, value func(requests.Count) int64) export.Column[requests.Tally] {
		return export.Column[requests.Tally]{Name: name, Kind: export.Number, Value: func(t requests.Tally) string { return strconv.FormatInt(value(t.Count), 10) }}
	}
	columns := []export.Column[requests.Tally]{
		{Name: first, Kind: export.Text, Value: func(t requests.Tally) string { return t.Code }},
		number("received", func(c requests.Count) int64 { return c.Received }),
		number("approved", func(c requests.Count) int64 { return c.Approved }),
		number("declined", func(c requests.Count) int64 { return c.Declined }),
		number("referred", func(c requests.Count) int64 { return c.Referred }),
		number("ratings", func(c requests.Count) int64 { return c.Ratings }),
		number("stars", func(c requests.Count) int64 { return c.Stars }),
	}
	if first == "month" { // what is open is open today, in no month
		return export.Table[requests.Tally]{Name: name, Columns: columns}
	}
	columns = append(columns, number("open", requests.Count.Still))
	for i := range requests.Ages([len(requests.AgeEdges) + 1]int64{}) {
		columns = append(columns, number("open_"+ageCode(i), func(c requests.Count) int64 { return c.Open[i] }))
	}
	return export.Table[requests.Tally]{Name: name, Columns: columns}
}

// ageCode is a part of the ages as the inbox's language writes it, without what an address
// would have to escape: "8-30d".
func ageCode(i int) string {
	edges := requests.AgeEdges
	if i == len(edges) {
		return strconv.Itoa(edges[i-1]+1) + "d_and_more"
	}
	least := 0
	if i > 0 {
		least = edges[i-1] + 1
	}
	return strconv.Itoa(least) + "-" + strconv.Itoa(edges[i]) + "d"
}

// age is a part of the ages as the inbox understands it.
func age(i int) string {
	if i == len(requests.AgeEdges) {
		return ">" + strconv.Itoa(requests.AgeEdges[i-1]) + "d"
	}
	return ageCode(i)
}

// stepTable declares the columns of the steps' times, in days.
func stepTable() export.Table[requests.StepTime] {
	text := func(name string, value func(requests.StepTime) string) export.Column[requests.StepTime] {
		return export.Column[requests.StepTime]{Name: name, Kind: export.Text, Value: value}
	}
	number := func(name string, value func(requests.StepTime) int64) export.Column[requests.StepTime] {
		return export.Column[requests.StepTime]{Name: name, Kind: export.Number, Value: func(s requests.StepTime) string {
			if s.Left == 0 && name != "left" && name != "in_it_now" {
				return "" // nothing was measured
			}
			return strconv.FormatInt(value(s), 10)
		}}
	}
	return export.Table[requests.StepTime]{Name: "steps", Columns: []export.Column[requests.StepTime]{
		text("service", func(s requests.StepTime) string { return s.Service }),
		text("office", func(s requests.StepTime) string { return s.Office }),
		text("step", func(s requests.StepTime) string { return string(s.State) }),
		number("left", func(s requests.StepTime) int64 { return s.Left }),
		number("median_days", func(s requests.StepTime) int64 { return int64(s.Median) }),
		number("p90_days", func(s requests.StepTime) int64 { return int64(s.P90) }),
		number("in_it_now", func(s requests.StepTime) int64 { return s.Now }),
	}}
}
