package cataloguepages

import (
	"context"
	"strings"

	"github.com/birlik/portal/internal/identity"
	"github.com/birlik/portal/internal/locale"
	"github.com/birlik/portal/internal/membership"
	"github.com/birlik/portal/internal/requests"
	"github.com/birlik/portal/internal/services"
	"github.com/birlik/portal/internal/workflow"
	"github.com/birlik/portal/web/ui"
)

// words are several values in words, with commas between them.
func words(ctx context.Context, prefix, values string) string {
	var out []string
	for value := range strings.FieldsSeq(values) {
		out = append(out, locale.T(ctx, prefix+value))
	}
	return strings.Join(out, ", ")
}

// askKinds are who can be allowed to ask.
func askKinds() []string {
	var out []string
	for _, k := range membership.Kinds() {
		out = append(out, string(k))
	}
	return append(out, services.Governments)
}

func askChoices(ctx context.Context) []ui.Choice {
	var out []ui.Choice
	for _, k := range askKinds() {
		out = append(out, ui.Choice{Value: k, Label: askName(ctx, k)})
	}
	return out
}

func askName(ctx context.Context, kind string) string {
	if kind == services.Governments {
		return locale.T(ctx, "catalogue.governments")
	}
	return locale.T(ctx, "membership.kind."+kind)
}

func officeOptions(ctx context.Context, list []services.Bureau) []ui.Option {
	var out []ui.Option
	for _, b := range list {
		out = append(out, ui.Option{Value: b.Code, Label: b.Names.In(lang(ctx))})
	}
	return out
}

func formOptions(list []string) []ui.Option {
	var out []ui.Option
	for _, f := range list {
		out = append(out, ui.Option{Value: f, Label: f})
	}
	return out
}

// mayOptions are the permissions that a move of one side can be left to.
func mayOptions(ctx context.Context, side []identity.Permission) []ui.Option {
	var out []ui.Option
	for _, p := range side {
		out = append(out, ui.Option{Value: string(p), Label: locale.T(ctx, "catalogue.may."+string(p))})
	}
	return out
}

func needChoices(ctx context.Context) []ui.Choice {
	var out []ui.Choice
	for _, n := range workflow.Needs() {
		out = append(out, ui.Choice{Value: string(n), Label: locale.T(ctx, "catalogue."+string(n))})
	}
	return out
}

func tellChoices(ctx context.Context) []ui.Choice {
	var out []ui.Choice
	for _, a := range services.Audiences() {
		out = append(out, ui.Choice{Value: a, Label: locale.T(ctx, "catalogue.tell."+a)})
	}
	return out
}

func stateChoices(ctx context.Context, states []workflow.State) []ui.Choice {
	var out []ui.Choice
	for _, s := range states {
		out = append(out, ui.Choice{Value: string(s), Label: requests.Label(nil, s, lang(ctx))})
	}
	return out
}

func standChoices(ctx context.Context) []ui.Choice {
	var out []ui.Choice
	for _, s := range []services.State{services.Published, services.Closed, services.Draft} {
		out = append(out, ui.Choice{Value: string(s), Label: locale.T(ctx, "catalogue.state."+string(s)), Hint: locale.T(ctx, "catalogue.state_hint."+string(s))})
	}
	return out
}

// problem is what hinders publishing, in words: states and moves by their names.
func problem(ctx context.Context, d *services.Definition, p services.Problem) string {
	args := make([]any, len(p.Args))
	copy(args, p.Args)
	for i := 0; i+1 < len(args); i += 2 {
		value, ok := args[i+1].(string)
		if !ok {
			continue
		}
		switch args[i] {
		case "State":
			args[i+1] = stepName(ctx, d, workflow.State(value))
		case "Move":
			args[i+1] = moveName(ctx, value)
		case "Need":
			args[i+1] = locale.T(ctx, "catalogue."+value)
		case "Lang":
			args[i+1] = locale.LanguageName(ctx, value)
		}
	}
	return locale.T(ctx, p.Key, args...)
}
