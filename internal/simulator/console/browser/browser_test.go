package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// findChromium finds the browser, or fails the test.
func findChromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("There is no Chromium in PATH: install it (Debian: apt-get install chromium), or name it in CHROMIUM.")
	return ""
}

// chromium is a browser that runs.
type chromium struct{ ctx context.Context }

// newBrowser starts a browser that goes nowhere by itself.
func newBrowser(t *testing.T) chromium {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(findChromium(t)), chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.Headless,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.WSURLReadTimeout(2*time.Minute),
	)
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	// Events that are newer than the library are errors to it, and of no interest.
	ctx, quit := chromedp.NewContext(ctx, chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(quit)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("the browser does not start: %v", err)
	}
	return chromium{ctx}
}

// tab is a tab of the browser on a page of the simulator.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu sync.Mutex
	// complaints are errors of scripts and violations of the policy.
	complaints []string
}

// shape is how a window is: its size and its scheme of colours.
type shape struct {
	name          string
	width, height int64
	scheme        string
}

var desk = shape{"light", 1280, 900, "light"}

// open opens an address in a new tab. At the end of the test the page must not
// have complained.
func open(t *testing.T, browser chromium, address string, as shape) *tab {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(browser.ctx)
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	p := &tab{t: t, ctx: ctx}
	chromedp.ListenTarget(ctx, func(event any) {
		p.mu.Lock()
		defer p.mu.Unlock()
		switch event := event.(type) {
		case *runtime.EventExceptionThrown:
			p.complaints = append(p.complaints, event.ExceptionDetails.Error())
		case *log.EventEntryAdded:
			if event.Entry.Level == log.LevelError {
				p.complaints = append(p.complaints, event.Entry.Text+" "+event.Entry.URL)
			}
		}
	})
	p.run(
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: as.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}),
		chromedp.EmulateViewport(as.width, as.height),
		log.Enable(), runtime.Enable(),
		chromedp.Navigate(address),
	)
	return p
}

func (p *tab) run(actions ...chromedp.Action) {
	p.t.Helper()
	if err := chromedp.Run(p.ctx, actions...); err != nil {
		p.t.Fatal(err)
	}
}

// expect takes back a complaint that is part of a test.
func (p *tab) expect(text string) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	before := len(p.complaints)
	p.complaints = slices.DeleteFunc(p.complaints, func(complaint string) bool { return strings.Contains(complaint, text) })
	if len(p.complaints) == before {
		p.t.Errorf("the page does not complain of %s", text)
	}
}

// silent fails when the page has complained.
func (p *tab) silent() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, complaint := range p.complaints {
		p.t.Errorf("the page complains: %s", complaint)
	}
}

// value evaluates an expression in the page.
func value[T any](p *tab, expression string) T {
	p.t.Helper()
	var result T
	p.run(chromedp.Evaluate(expression, &result))
	return result
}

// until waits for an expression in the page to be true.
func (p *tab) until(what, expression string) {
	p.t.Helper()
	for begin := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if value[bool](p, "Boolean("+expression+")") {
			return
		}
		if time.Since(begin) > 20*time.Second {
			p.t.Fatalf("%s: it is not so after 20 s: %s\n%s", what, expression, value[string](p, "document.body.innerText"))
		}
	}
}

// shows waits for an element to have a text.
func (p *tab) shows(selector, text string) {
	p.t.Helper()
	p.until(selector+" shows "+text, fmt.Sprintf("(e => e?.checkVisibility() && e.innerText.includes(%q))(document.querySelector(%q))", text, selector))
}

// press clicks an element as a user does, with the mouse.
func (p *tab) press(selector string) {
	p.t.Helper()
	p.run(chromedp.ScrollIntoView(selector, chromedp.ByQuery), chromedp.Click(selector, chromedp.ByQuery))
}

// pictureHeight is the height of a picture that can be looked at in one piece.
const pictureHeight = 1500

// picture writes what the page looks like, in pieces from its top to its end,
// where PAGE_PICTURES names a folder.
func (p *tab) picture(name string) {
	p.t.Helper()
	folder := os.Getenv("PAGE_PICTURES")
	if folder == "" {
		return
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		p.t.Fatal(err)
	}
	width, height := value[float64](p, "document.documentElement.clientWidth"), value[float64](p, "document.documentElement.scrollHeight")
	for piece := 0; float64(piece*pictureHeight) < height; piece++ {
		top := float64(piece * pictureHeight)
		clip := &page.Viewport{X: 0, Y: top, Width: width, Height: min(pictureHeight, height-top), Scale: 1}
		var data []byte
		p.run(chromedp.ActionFunc(func(ctx context.Context) (err error) {
			data, err = page.CaptureScreenshot().WithCaptureBeyondViewport(true).WithClip(clip).Do(ctx)
			return err
		}))
		file := filepath.Join(folder, fmt.Sprintf("%s-%d.png", strings.ReplaceAll(name, " ", "-"), piece+1))
		if err := os.WriteFile(file, data, 0o600); err != nil {
			p.t.Fatal(err)
		}
	}
}
