package browser_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"jobzero/internal/report"
	"jobzero/test/browser/seed"
)

// TestSomebodyReports goes the whole way in a browser, on a desk and on a phone: says something with a picture, gets the code, follows it, adds to it,
// goes to the top; and whoever has the ticket sees all of it. The pages on the way, which are answers to forms, are for everybody too.
func TestSomebodyReports(t *testing.T) {
	ctx, script := chromium(t), axe(t)
	h := open(t, "", seed.Size{Tickets: 20, Findings: 40, Resources: 40, Letters: 2})
	picture := filepath.Join(t.TempDir(), "door.png")
	if err := os.WriteFile(picture, []byte("\x89PNG\r\n\x1a\n a picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, s := range []screen{screens()[0], screens()[3]} {
		t.Run(s.name, func(t *testing.T) {
			tab, shut := chromedp.NewContext(ctx)
			defer shut()
			tab, end := context.WithTimeout(tab, 2*time.Minute)
			defer end()
			w := &walker{t, tab, s.name, script}
			w.do(setUp(s), chromedp.Navigate(h.url+"/report"), chromedp.WaitReady("#content"))
			w.do(chromedp.SetValue(`input[name="title"]`, "A door stands open in the cellar"), chromedp.SetValue(`textarea[name="text"]`, "Since this morning."))
			w.do(chromedp.SetUploadFiles(`input[name="file"]`, []string{picture}), chromedp.Click(`input[value="none"]`), chromedp.Click(`form.report button.go`))
			code := w.page("report-sent", ".code code")
			if _, err := report.ParseCode(code); err != nil {
				t.Fatal(err)
			}
			w.do(chromedp.Navigate(h.url+"/report/follow"), chromedp.SetValue(`input[name="code"]`, strings.ToLower(code)), chromedp.Click(`form.report button.go`))
			if said := w.page("report-followed", "#do"); !strings.Contains(said, "Go to the top") {
				t.Errorf("followed: %s", said)
			}
			id := w.page("report-followed", ".title code")
			w.do(chromedp.SetValue(`textarea[name="text"]`, "It is shut now."), chromedp.Click(`form[enctype] button`))
			if said := w.page("report-added", "ol.story"); !strings.Contains(said, "It is shut now.") {
				t.Errorf("added: %s", said)
			}
			w.do(chromedp.Navigate(h.url+"/tickets/"+id), chromedp.WaitReady("#content"))
			if said := w.page("ticket-report", "main"); !strings.Contains(said, "door.png") || !strings.Contains(said, "Answer whoever reported it") {
				t.Errorf("the ticket: %s", said)
			}
		})
	}
}

// walker is somebody who goes through pages.
type walker struct {
	*testing.T
	tab          context.Context //nolint:containedctx // the tab of a browser is one
	name, script string
}

func (w *walker) do(all ...chromedp.Action[chromedp.Void]) {
	w.Helper()
	for _, a := range all {
		if _, err := chromedp.Run(w.tab, a); err != nil {
			w.Fatal(err)
		}
	}
}

// page looks at the page that a form has led to, and gives the text of a part of it.
func (w *walker) page(name, part string) string {
	w.Helper()
	w.do(chromedp.WaitVisible(part))
	text, err := chromedp.Run(w.tab, chromedp.Text(part))
	if err != nil {
		w.Fatal(err)
	}
	shot, err := chromedp.Run(w.tab, chromedp.CaptureScreenshot())
	if err != nil {
		w.Fatal(err)
	}
	keep(w.T, os.Getenv("JOBZERO_PICTURES"), w.name+"-"+name, shot)
	const rules = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => JSON.stringify(r.violations))`
	found, err := chromedp.Run(w.tab, chromedp.Evaluate[string](w.script+";\n"+rules, chromedp.EvalAwaitPromise))
	if err != nil {
		w.Fatal(err)
	}
	wrong(w.T, found)
	return strings.TrimSpace(text)
}
