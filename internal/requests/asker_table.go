package requests

import "github.com/birlik/portal/internal/forms"

// columner makes the columns of one table; their words stand below the table's key.
type columner struct {
	asker
	table string
}

func (a asker) of(table string) columner { return columner{a, table} }

// rows is a table of at least least and at most most rows.
func (c columner) rows(least, most int, columns ...forms.Column) forms.Field {
	f := c.field(c.table, forms.Table)
	f.MinRows, f.MaxRows, f.Columns = least, most, columns
	return f
}

func (c columner) column(key string, kind forms.Kind) forms.Column {
	return forms.Column{Key: key, Kind: kind, Label: c.say("column." + c.table + "." + key), Hint: c.say("column_hint." + c.table + "." + key)}
}

func (c columner) text(key string) forms.Column {
	out := c.column(key, forms.Text)
	out.MaxChars = 150
	return out
}

func (c columner) one(key string, values ...string) forms.Column {
	out := c.column(key, forms.One)
	out.Choices = c.choices(c.table+"."+key, values)
	return out
}

// year is a year of a plan; none is long past.
func (c columner) year(key string) forms.Column {
	out := c.column(key, forms.Number)
	out.Whole, out.Bare, out.Min, out.Max = true, true, "2000", "2100"
	return out
}

func (c columner) whole(key string) forms.Column {
	out := c.column(key, forms.Number)
	out.Whole, out.Min, out.Max = true, "0", "1000000"
	return out
}

// amount is money whose sum stands below the table.
func (c columner) amount(key string) forms.Column {
	out := c.column(key, forms.Money)
	out.Min, out.Total = "0", true
	return out
}

// percent is a share of the whole; the shares stand summed below the table.
func (c columner) percent(key string) forms.Column {
	out := c.column(key, forms.Number)
	out.Min, out.Max, out.Unit, out.Total = "0", "100", c.say("unit.percent"), true
	return out
}

// free makes a column that may stay empty.
func free(c forms.Column) forms.Column {
	c.Optional = true
	return c
}

// ruled is a form whose answers have to satisfy rules together.
func (a asker) ruled(d forms.Definition, rules ...forms.Rule) forms.Definition {
	for _, r := range rules {
		r.Words = a.say("rule." + r.Key)
		d.Rules = append(d.Rules, r)
	}
	return d
}
