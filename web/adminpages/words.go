package adminpages

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/birlik/portal/internal/audit"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/subject"
	"github.com/birlik/portal/web/clock"
	"github.com/birlik/portal/web/ui"
)

// who is the person of an entry, or the portal itself.
func who(ctx context.Context, line audit.Line) string {
	if line.ActorName == "" {
		return locale.T(ctx, "admin.system")
	}
	return locale.Person(ctx, line.ActorName)
}

// actionName is an act in the reader's words: those for records of its kind, else those for
// any record; one that has none yet is shown by its name.
func actionName(ctx context.Context, action string) string {
	_, act, _ := strings.Cut(action, ".")
	for _, key := range []string{"audit." + action, "audit.any." + act} {
		if locale.Has(locale.Of(ctx).Lang, key) {
			return locale.T(ctx, key)
		}
	}
	return action
}

func kindName(ctx context.Context, kind subject.Kind) string {
	if !locale.Has(locale.Of(ctx).Lang, "admin.kind."+string(kind)) {
		return string(kind)
	}
	return locale.T(ctx, "admin.kind."+string(kind))
}

// kinds are the kinds of records that the log is filtered by.
var kinds = []subject.Kind{subject.User, subject.Request, subject.Project, subject.Municipality, subject.Event,
	subject.Issue, subject.Article, subject.SitePage, subject.Decision, subject.Meeting, subject.Organ, subject.Country, subject.Field, subject.Import, subject.Erasure}

func kindOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, kind := range kinds {
		out = append(out, ui.Option{Value: string(kind), Label: kindName(ctx, kind)})
	}
	return out
}

// moments are audit entries as a timeline.
func moments(ctx context.Context, lines []audit.Line) []ui.Moment {
	var out []ui.Moment
	for _, line := range lines {
		out = append(out, ui.Moment{Who: who(ctx, line), What: actionName(ctx, line.Action), At: clock.Moment(ctx, line.At), ISO: clock.ISO(line.At)})
	}
	return out
}

// payloadFacts are the members of an entry's payload, by name. A pair of texts is a change:
// old → new.
func payloadFacts(payload []byte) []ui.SummaryRow {
	var members map[string]any
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.UseNumber()
	if decoder.Decode(&members) != nil {
		return nil
	}
	var out []ui.SummaryRow
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if text := factText(members[name]); text != "" {
			out = append(out, ui.SummaryRow{Label: name, Value: text})
		}
	}
	return out
}

func factText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case []any:
		parts := make([]string, 0, len(v))
		for _, part := range v {
			parts = append(parts, factText(part))
		}
		return strings.Join(parts, " → ")
	case map[string]any:
		text, err := json.Marshal(v)
		if err != nil {
			return ""
		}
		return string(text)
	}
	return fmt.Sprint(value)
}

func olderPath(ctx context.Context, v recordView) string {
	last := v.Lines[len(v.Lines)-1]
	return recordPath(ctx, last) + "?before=" + strconv.FormatInt(v.Older, 10)
}
