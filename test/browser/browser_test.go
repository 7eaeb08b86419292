package browser_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"jobzero/test/browser/seed"
)

const (
	mostWeight = 200_000 // bytes of a page with all its files
)

// absent says that what is needed is not there: a failure where everything has to be.
func absent(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("JOBZERO_REQUIRE_BROWSER") == "1" {
		t.Fatal(why)
	}
	t.Skip(why + "; no page was looked at")
}

// chromium begins a browser with a folder of its own.
func chromium(t *testing.T) context.Context {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		absent(t, "chromium is not there: install it (apt install chromium)")
	}
	o := []chromedp.ExecAllocatorOption{chromedp.ExecPath(program), chromedp.UserDataDir(t.TempDir()), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck}
	for name, value := range map[string]any{
		"headless": "new", "no-sandbox": true, "disable-gpu": true, "disable-background-networking": true, "disable-component-update": true,
		"disable-sync": true, "hide-scrollbars": true, "font-render-hinting": "none", "disable-dev-shm-usage": true,
	} {
		o = append(o, chromedp.Flag(name, value))
	}
	ctx, end := chromedp.NewExecAllocator(t.Context(), o...)
	t.Cleanup(end)
	ctx, shut := chromedp.NewContext(ctx)
	t.Cleanup(shut)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("begin chromium: %v", err)
	}
	return ctx
}

// axe gives axe-core, which npm brings into bin and whose checksum test/axe.sh checks.
func axe(t *testing.T) string {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "bash", "../axe.sh").CombinedOutput(); err != nil {
		t.Fatalf("test/axe.sh: %v\n%s", err, out)
	}
	text, err := os.ReadFile("../../bin/axe.min.js")
	if errors.Is(err, os.ErrNotExist) {
		absent(t, "bin/axe.min.js is not there: npm is needed to fetch it, see test/axe.sh")
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// screen is how somebody looks.
type screen struct {
	name       string
	wide, high int64
	dark       bool
}

func screens() []screen {
	return []screen{{"desktop-light", 1360, 900, false}, {"desktop-dark", 1360, 900, true}, {"phone-light", 390, 844, false}, {"phone-dark", 390, 844, true}}
}

// heard is what a browser says while it shows a page.
type heard struct {
	mu     sync.Mutex
	weight float64
	said   []string
}

func (h *heard) listen(ev any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch e := ev.(type) {
	case *network.EventLoadingFinished:
		h.weight += e.EncodedDataLength
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			h.said = append(h.said, fmt.Sprintf("console %s", e.Type))
		}
	case *runtime.EventExceptionThrown:
		h.said = append(h.said, fmt.Sprint(e.ExceptionDetails.Text))
	case *log.EventEntryAdded:
		h.said = append(h.said, e.Entry.Text+" "+e.Entry.URL)
	}
}

// violation is what axe-core finds wrong.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// TestEveryPageIsForEverybody looks at each page by day and by night, on a desk and on a phone.
func TestEveryPageIsForEverybody(t *testing.T) {
	ctx, script := chromium(t), axe(t)
	h := open(t, "", seed.Size{Tickets: 400, Findings: 900, Resources: 600, Letters: 12})
	h.counted(t)
	h.forecast(t)
	folder := os.Getenv("JOBZERO_PICTURES")
	for _, s := range screens() {
		for _, p := range pages(t, h.settings) {
			t.Run(s.name+"/"+p.name, func(t *testing.T) { look(ctx, t, h, s, p, script, folder) })
		}
	}
}

func look(ctx context.Context, t *testing.T, h *house, s screen, p visited, script, folder string) {
	t.Helper()
	tab, shut := chromedp.NewContext(ctx)
	defer shut()
	tab, end := context.WithTimeout(tab, time.Minute)
	defer end()
	var words heard
	if err := chromedp.Listen(tab, words.listen); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(tab, setUp(s), chromedp.Navigate(h.url+p.path), chromedp.WaitReady("#content")); err != nil {
		t.Fatal(err)
	}
	wide, err := chromedp.Run(tab, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > document.documentElement.clientWidth`))
	if err != nil {
		t.Fatal(err)
	}
	shot, err := chromedp.Run(tab, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	const rules = `axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => JSON.stringify(r.violations))`
	found, err := chromedp.Run(tab, chromedp.Evaluate[string](script+";\n"+rules, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	keep(t, folder, s.name+"-"+p.name, shot)
	words.mu.Lock()
	defer words.mu.Unlock()
	if words.weight > mostWeight {
		t.Errorf("it weighs %.0f bytes, and %d are allowed", words.weight, mostWeight)
	}
	if wide {
		t.Error("it is wider than the screen")
	}
	// That a page answers 404 is what the browser says of it, and what it is for.
	said := slices.DeleteFunc(words.said, func(x string) bool { return p.name == "nowhere" || p.name == "wrong" })
	if len(said) > 0 {
		t.Errorf("the browser complains: %s", strings.Join(said, "\n"))
	}
	wrong(t, found)
}

// setUp makes a tab look as a screen does.
func setUp(s screen) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		scheme := "light"
		if s.dark {
			scheme = "dark"
		}
		_, network := cdp.Call(ctx, t, network.Enable, network.EnableParams{})
		_, logging := cdp.Call(ctx, t, log.Enable, cdp.Empty{})
		_, screen := cdp.Call(ctx, t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: s.wide, Height: s.high, DeviceScaleFactor: 1, Mobile: s.wide < 500})
		_, media := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return errors.Join(network, logging, screen, media)
	})
}

// wrong tells what axe-core finds wrong.
func wrong(t *testing.T, found string) {
	t.Helper()
	var all []violation
	if err := json.Unmarshal([]byte(found), &all); err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		for _, n := range v.Nodes[:min(len(v.Nodes), 3)] {
			t.Errorf("%s: %s\n%s\n%s", v.ID, v.Help, n.HTML, n.Summary)
		}
	}
}

// keep writes a picture where pictures are wanted.
func keep(t *testing.T, folder, name string, shot []byte) {
	t.Helper()
	if folder == "" {
		return
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), shot, 0o600); err != nil {
		t.Fatal(err)
	}
}

// counted waits until the first page has its figures.
func (h *house) counted(t *testing.T) {
	t.Helper()
	for !strings.Contains(h.text(t, "/"), "Counted") {
		select {
		case <-time.After(100 * time.Millisecond):
		case <-t.Context().Done():
			t.Fatal("the first page is never counted")
		}
	}
}
