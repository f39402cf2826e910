package htmlcheck

import (
	"strings"
	"testing"
)

const head = `<!doctype html><html lang="tr"><head><title>x</title></head><body><h1>x</h1>`

// TestFaults shows each rule failing on the smallest page that breaks it.
func TestFaults(t *testing.T) {
	for body, want := range map[string]string{
		`<div><span></div></span>`:               "comes while",
		`<p id="a"></p><p id="a"></p>`:           "stands twice",
		`<label for="nowhere">x</label>`:         "is nowhere",
		`<a href="/"><button>x</button></a>`:     "stands inside <a>",
		`<p style="color:red">x</p>`:             "inline style",
		`<button onclick="x()">x</button>`:       "inline onclick",
		`<script>1</script>`:                     "a script stands",
		`<h3>x</h3>`:                             "follows one of rank 1",
		`<img src="/x">`:                         "has no alt",
		`<ul><div></div></ul>`:                   "straight in <ul>",
		`<section>`:                              "never closed",
		`<a href="javascript:x">x</a>`:           "runs a script",
		`<h1>again</h1>`:                         "2 h1",
		`<span><div></div></span>`:               "inside <span>",
		`<table><tr><td>x</td></tr></table>`:     "straight in <table>",
		`<form action="/a"><form></form></form>`: "inside <form>",
	} {
		if faults := strings.Join(Page(head+body+`</body></html>`), "\n"); !strings.Contains(faults, want) {
			t.Errorf("%s: want %q among %q", body, want, faults)
		}
	}
}

// TestGoodPage shows that a right page passes.
func TestGoodPage(t *testing.T) {
	good := head + `<svg viewBox="0 0 1 1"><path d="M0 0"/></svg><label for="a">x</label><input id="a">
<details><summary><h2>x</h2></summary><p>x</p></details><ul><li>a<li>b</ul></body></html>`
	if faults := Page(good); len(faults) > 0 {
		t.Error(faults)
	}
}

func TestKeys(t *testing.T) {
	areas := []string{"privacy", "requests"}
	for source, want := range map[string]int{
		`<p>privacy.task.task.answer</p>`:                 1,
		`<li>REQ-1: requests.task.sign, bugün</li>`:       1,
		`<p>desk@requests.example</p>`:                    0,
		`<p>Ask requests. Then go on.</p>`:                0,
		`<code>requests.csv</code><p data-x="privacy.x">`: 0,
	} {
		if got := Keys(source, areas); len(got) != want {
			t.Errorf("%s: %q", source, got)
		}
	}
}
