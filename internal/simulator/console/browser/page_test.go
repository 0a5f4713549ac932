package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// still are flags of a simulator in which nothing happens unless the clock is moved.
var still = []string{
	"-create-time", "1h", "-start-time", "1m", "-stop-time", "1m", "-delete-time", "0s", "-mount-time", "0s",
}

// TestPage leads a user over the pages, in one browser.
func TestPage(t *testing.T) {
	browser, name := newBrowser(t), program(t)
	for _, test := range []struct {
		name string
		run  func(*testing.T, *service, *tab)
	}{
		{"notebooks appear by themselves", showsNotebooks},
		{"the clock moves", movesTheClock},
		{"a notebook is stopped, started and deleted", actsOnNotebooks},
		{"faults are asked for", asksForFaults},
		{"answers are switched", switchesAnswers},
		{"flavors are sold out", sellsOut},
		{"requests are filtered", filtersRequests},
		{"updates pause", pauses},
		{"the focus stays", keepsTheFocus},
		{"a keyboard is enough", takesAKeyboard},
		{"a name is text", showsNamesAsText},
		{"everything is reset", resets},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := start(t, name, still...)
			p := open(t, browser, s.url, desk)
			p.shows("#connection", "live")
			test.run(t, s, p)
			p.silent()
		})
	}
	t.Run("a notebook opens at its url", func(t *testing.T) { opensNotebooks(t, browser, start(t, name, still...)) })
	t.Run("nothing is secret", func(t *testing.T) { holdsNoSecret(t, browser, start(t, name, still...)) })
	t.Run("it says when the simulator is gone", func(t *testing.T) { saysWhenGone(t, browser, name) })
}

func row(id, more string) string { return fmt.Sprintf("[data-key=%q] %s", id, more) }

func showsNotebooks(_ *testing.T, s *service, p *tab) {
	p.shows("#no-notebooks", "There is no notebook")
	id := s.create("first", `, "lease": {"duration": 7200000}`)
	p.shows(row(id, ".status"), "CREATING")
	p.shows(row(id, "td:nth-child(2)"), "step 1 of 4: prepare the storage")
	s.advance("35m")
	p.shows(row(id, "td:nth-child(2)"), "step 3 of 4: configure the network")
	s.advance("25m")
	p.shows(row(id, ".status"), "RUNNING")
	p.shows(row(id, "td:nth-child(4)"), "ends in 2 h")
	p.shows(row(id, "td:nth-child(5)"), "EVS 20 GB")
	s.members("POST", s.path(id, "storage"), `{"category": "OBSFS", "mount_path": "/data/lake/", "uri": "obs://lake/images/"}`)
	p.shows(row(id, "td:nth-child(5)"), "/data/lake/")
	p.shows("#used", "1")
}

func movesTheClock(_ *testing.T, s *service, p *tab) {
	id := s.create("first", "")
	p.press(`[data-advance="1h"]`)
	p.shows("#message", "The clock went forward by 1h.")
	p.shows(row(id, ".status"), "RUNNING")
	p.run(chromedp.SendKeys("#advance", "1h1m30s", chromedp.ByQuery))
	p.press("#advance-form button")
	p.shows(row(id, ".status"), "STOPPED")
	p.until("the field is empty", `document.querySelector("#advance").value === ""`)
}

func actsOnNotebooks(t *testing.T, s *service, p *tab) {
	id := s.create("first", "")
	p.shows(row(id, ".status"), "CREATING")
	if disabled := value[string](p, fmt.Sprintf("document.querySelector(%q).getAttribute('aria-disabled')", row(id, "[data-do=stop]"))); disabled != "true" {
		t.Errorf("a notebook that is being created can be stopped: %s", disabled)
	}
	s.advance("1h")
	p.shows(row(id, ".status"), "RUNNING")
	p.press(row(id, "[data-do=stop]"))
	p.shows(row(id, ".status"), "STOPPING")
	s.advance("1m")
	p.shows(row(id, ".status"), "STOPPED")
	p.press(row(id, "[data-do=start]"))
	p.shows(row(id, ".status"), "STARTING")
	s.advance("1m")
	p.shows(row(id, ".status"), "RUNNING")

	p.press(row(id, "[data-do=delete]"))
	p.shows("#confirm", "Delete first?")
	p.press("#confirm-no")
	p.until("the dialog is closed", `!document.querySelector("#confirm").open`)
	s.known(id)
	p.press(row(id, "[data-do=delete]"))
	p.press("#confirm-yes")
	p.shows("#message", "first is deleted.")
	p.shows("#no-notebooks", "There is no notebook")
}

func asksForFaults(t *testing.T, s *service, p *tab) {
	id := s.create("first", "")
	p.until("the notebook can be chosen", fmt.Sprintf("document.querySelector('#fault-notebook option[value=%q]')", id))
	p.run(
		chromedp.SetValue("#fault-notebook", id, chromedp.ByQuery),
		chromedp.SetValue("#fault-operation", "ShowNotebook", chromedp.ByQuery),
		chromedp.SetValue("#fault-count", "2", chromedp.ByQuery),
		chromedp.SetValue("#fault-kind", "throttle", chromedp.ByQuery),
		chromedp.Evaluate(`document.querySelector("#fault-kind").dispatchEvent(new Event("change"))`, nil),
	)
	p.shows("#fault-text", "Retry-After")
	if value[bool](p, `document.querySelector("#fault-code").offsetParent !== null`) {
		t.Error("the error code shows for a fault that takes none")
	}
	p.run(chromedp.SendKeys("#fault-retry", "7", chromedp.ByQuery))
	p.press("#fault-form button[type=submit]")
	p.shows("#fault-list", "0 of 2 times so far")
	status, _, header := s.do("GET", s.path(id), "")
	if status != http.StatusTooManyRequests || header.Get("Retry-After") != "7" {
		t.Errorf("the fault does not hit: %d, Retry-After %q", status, header.Get("Retry-After"))
	}
	p.shows("#fault-list", "1 of 2 times so far")
	p.shows("#request-rows", "fault: throttle")
	p.press("#fault-list button")
	p.shows("#no-faults", "None")
	if status, _, _ := s.do("GET", s.path(id), ""); status != http.StatusOK {
		t.Errorf("the fault hits after its removal: %d", status)
	}

	// A fault of life takes a step, and no operation.
	p.run(
		chromedp.SetValue("#fault-notebook", "", chromedp.ByQuery),
		chromedp.SetValue("#fault-kind", "create_failed", chromedp.ByQuery),
		chromedp.Evaluate(`document.querySelector("#fault-kind").dispatchEvent(new Event("change"))`, nil),
		chromedp.SetValue("#fault-step", "2", chromedp.ByQuery),
		chromedp.SetValue("#fault-count", "1", chromedp.ByQuery),
		chromedp.SendKeys("#fault-reason", "No node is left.", chromedp.ByQuery),
	)
	p.press("#fault-form button[type=submit]")
	p.shows("#fault-list", "create_failed – waits")
	second := s.create("second", "")
	s.advance("1h")
	p.shows(row(second, ".status"), "CREATE_FAILED")
	p.shows(row(second, "td:nth-child(2)"), "No node is left.")

	// A mistake is an error that says what is wrong.
	p.run(
		chromedp.SetValue("#fault-kind", "delay", chromedp.ByQuery),
		chromedp.Evaluate(`document.querySelector("#fault-kind").dispatchEvent(new Event("change"))`, nil),
		chromedp.SetValue("#fault-delay", "soon", chromedp.ByQuery),
	)
	p.press("#fault-form button[type=submit]")
	p.shows("#message", `invalid duration "soon"`)
	p.expect("400 (Bad Request)")
}

func switchesAnswers(t *testing.T, s *service, p *tab) {
	s.create("first", "")
	p.press("#answer-details summary")
	p.run(chromedp.SendKeys("#answer-filter", "an instance answered that is gone", chromedp.ByQuery))
	p.until("one question is left", `[...document.querySelectorAll("#answer-list fieldset")].filter((f) => f.offsetParent !== null).length === 1`)
	missing := s.path("00000000-0000-4000-8000-000000000000")
	for _, step := range []struct {
		id     string
		status int
	}{{"gone-404", 404}, {"gone-6404", 400}, {"", 400}} {
		p.press(fmt.Sprintf("input[name=answer-gone-6404][value=%q]", step.id))
		p.shows("#message", strings.TrimSpace(map[bool]string{true: "The question has answer A.", false: step.id + ": answer B."}[step.id == ""]))
		if status, text, _ := s.do("GET", missing, ""); status != step.status {
			t.Errorf("answer %q: %d %s", step.id, status, text)
		}
	}
	p.shows("#at-b", "0")
	p.press("input[name=answer-gone-6404][value=gone-404]")
	p.shows("#at-b", "1")
	p.press("#all-a")
	p.shows("#at-b", "0")
	if checked := value[string](p, `document.querySelector("input[name=answer-gone-6404]:checked").value`); checked != "" {
		t.Errorf("the page shows answer %s", checked)
	}
}

func sellsOut(t *testing.T, s *service, p *tab) {
	box := row("modelarts.vm.cpu.2u", "input")
	p.press(box)
	p.shows("#message", "modelarts.vm.cpu.2u is sold out.")
	status, text, _ := s.do("POST", s.path(), `{"name": "a", "flavor": "modelarts.vm.cpu.2u", "image_id": "`+vendorImage+`", "volume": {"category": "EVS", "ownership": "MANAGED"}}`)
	if status != 400 || !strings.Contains(text, "ModelArts.6716") {
		t.Errorf("the flavor can be had: %d %s", status, text)
	}
	p.press(box)
	p.shows("#message", "can be had again")
	s.create("a", "")
	if !value[bool](p, fmt.Sprintf("document.querySelector(%q).disabled", row("modelarts.vm.cpu.16u", "input"))) {
		t.Error("a flavor that is always sold out can be had")
	}
}

func filtersRequests(t *testing.T, s *service, p *tab) {
	s.create("first", "")
	s.do("GET", s.path("00000000-0000-4000-8000-000000000000"), "")
	p.shows("#request-rows", "CreateNotebook")
	p.shows("#request-rows", "ModelArts.6309")
	choose := func(filter string) {
		p.run(chromedp.SetValue("#request-filter", filter, chromedp.ByQuery),
			chromedp.Evaluate(`document.querySelector("#request-filter").dispatchEvent(new Event("change"))`, nil))
	}
	choose("changes")
	p.until("no read is left", `!document.querySelector("#request-rows").innerText.includes("ShowNotebook")`)
	p.shows("#request-rows", "CreateNotebook")
	choose("refused")
	p.until("no success is left", `!document.querySelector("#request-rows").innerText.includes("CreateNotebook")`)
	p.press("#empty-requests")
	p.shows("#no-requests", "no request")
	if got := s.members("GET", "/_simulator/overview", "")["request_count"]; got != 0.0 {
		t.Errorf("requests are left: %v", got)
	}
}

func pauses(t *testing.T, s *service, p *tab) {
	p.press("#pause")
	p.shows("#connection", "paused")
	s.create("first", "")
	time.Sleep(1500 * time.Millisecond)
	if text := value[string](p, `document.querySelector("#notebooks").innerText`); strings.Contains(text, "first") {
		t.Errorf("the page goes on: %s", text)
	}
	p.press("#pause")
	p.shows("#notebooks", "first")
	p.shows("#connection", "live")
}

func keepsTheFocus(t *testing.T, s *service, p *tab) {
	first := s.create("first", "")
	p.shows("#notebooks", "first")
	p.run(chromedp.Focus(row(first, "[data-do=delete]"), chromedp.ByQuery))
	s.create("second", "")
	s.advance("1h")
	p.shows("#notebooks", "second")
	p.shows(row(first, ".status"), "RUNNING")
	if label := value[string](p, `document.activeElement.getAttribute("aria-label") ?? ""`); label != "Delete first" {
		t.Errorf("the focus went to %q", label)
	}
}

func takesAKeyboard(t *testing.T, _ *service, p *tab) {
	p.run(chromedp.KeyEvent(kb.Tab))
	if text := value[string](p, "document.activeElement.innerText"); text != "Skip to the notebooks" {
		t.Errorf("the first stop is %q", text)
	}
	visited := map[string]bool{}
	for range 60 {
		p.run(chromedp.KeyEvent(kb.Tab))
		visited[value[string](p, `document.activeElement.id || document.activeElement.dataset?.advance || ""`)] = true
		if visible := value[string](p, `getComputedStyle(document.activeElement).outlineStyle`); visible == "none" && value[bool](p, "document.activeElement !== document.body") {
			t.Errorf("the focus does not show on %s", value[string](p, "document.activeElement.outerHTML"))
		}
	}
	for _, id := range []string{"pause", "1h", "advance", "frozen", "reset", "fault-kind", "request-filter"} {
		if !visited[id] {
			t.Errorf("the keyboard does not reach %s", id)
		}
	}
	p.run(chromedp.Focus("#reset", chromedp.ByQuery), chromedp.KeyEvent(kb.Enter))
	p.shows("#confirm", "Reset everything?")
	p.run(chromedp.KeyEvent(kb.Escape))
	p.until("the dialog is closed", `!document.querySelector("#confirm").open`)
	if id := value[string](p, "document.activeElement.id"); id != "reset" {
		t.Errorf("after the dialog the focus is on %q", id)
	}
}

func showsNamesAsText(t *testing.T, s *service, p *tab) {
	id := s.create("first", "")
	const name = `<img src=x onerror="document.title='broken'"><script>document.title='broken'</script>`
	body, err := json.Marshal(map[string]any{"name": name, "status": "RUNNING"})
	if err != nil {
		t.Fatal(err)
	}
	s.members("PATCH", "/_simulator/notebooks/"+id, string(body))
	p.shows(row(id, "td b"), name)
	token, _ := s.known(id)["token"].(string)
	p.run(chromedp.Navigate(s.url + "/_simulator/notebooks/" + id + "/lab?token=" + token))
	p.shows("h1", name)
	if title := value[string](p, "document.title"); title == "broken" || value[bool](p, `document.querySelector("main img, main script") !== null`) {
		t.Errorf("the name is run: %s", title)
	}
}

func resets(_ *testing.T, s *service, p *tab) {
	s.create("first", "")
	p.shows("#notebooks", "first")
	p.press("#reset")
	p.press("#confirm-yes")
	p.shows("#no-notebooks", "There is no notebook")
	p.press("#frozen")
	p.shows("#message", "The account is in arrears.")
}

// opensNotebooks opens the url that the service answers.
func opensNotebooks(t *testing.T, browser chromium, s *service) {
	id := s.create("first", "")
	s.advance("1h")
	shown := s.members("GET", s.path(id), "")
	address, _ := shown["url"].(string)
	token, _ := shown["token"].(string)
	p := open(t, browser, address+"?token="+token, desk)
	p.shows("h1", "first")
	p.shows("main", id)
	p.silent()
	for query, reason := range map[string]string{"": "The token is missing", "?token=x": "The token is wrong"} {
		refused := open(t, browser, address+query, desk)
		refused.shows("h1", reason)
		if text := value[string](refused, "document.body.innerText"); strings.Contains(text, "first") || strings.Contains(text, id) {
			t.Errorf("%q: the page names the notebook: %s", query, text)
		}
		if status := value[int](refused, `performance.getEntriesByType("navigation")[0].responseStatus`); status != http.StatusForbidden {
			t.Errorf("%q: status %d", query, status)
		}
	}
	s.advance("1h")
	p = open(t, browser, address+"?token="+token, desk)
	p.shows("h1", "The notebook does not run")
	s.advance("1m")
	s.members("POST", "/_simulator/notebooks/"+id+"/start", "")
	s.advance("1m")
	p = open(t, browser, address+"?token="+token, desk)
	p.shows("h1", "The token is wrong")
	p = open(t, browser, s.url+"/_simulator/notebooks/"+id+"/open", desk)
	p.shows("h1", "first")
}

// holdsNoSecret reads all that the page was sent and shows.
func holdsNoSecret(t *testing.T, browser chromium, s *service) {
	id := s.create("first", `, "hooks": {"container_hooks": {"pre_start": {"script": "`+hookScript+`"}}}`)
	s.advance("1h")
	s.do("GET", s.path(id)+"?token=query-secret", "")
	token, _ := s.known(id)["token"].(string)
	p := open(t, browser, s.url, desk)
	p.shows("#request-rows", "CreateNotebook")
	_, sent, _ := s.do("GET", "/_simulator/overview", "")
	sent += value[string](p, "document.documentElement.outerHTML")
	for _, secret := range []string{token, s.token, hookScript, secretKey, "simulator-password", "query-secret"} {
		if secret == "" || strings.Contains(sent, secret) {
			t.Errorf("the page holds the secret %q", secret)
		}
	}
}

// saysWhenGone stops the simulator behind the page.
func saysWhenGone(t *testing.T, browser chromium, name string) {
	s := start(t, name, still...)
	p := open(t, browser, s.url, desk)
	p.shows("#connection", "live")
	s.stop()
	p.shows("#connection", "the simulator cannot be reached")
	p.shows("#message", "The simulator cannot be reached")
}

// TestPageIsReadable holds names, headings, contrast and width to what a user
// needs, in each shape of the window.
func TestPageIsReadable(t *testing.T) {
	browser := newBrowser(t)
	s := start(t, program(t), still...)
	id := fill(s)
	token, _ := s.known(id)["token"].(string)
	for _, as := range []shape{desk, {"dark", 1280, 900, "dark"}, {"narrow", 320, 800, "light"}, {"narrow-dark", 320, 800, "dark"}} {
		for name, address := range map[string]string{
			"page": "/", "reference": "/_simulator/", "notebook": "/_simulator/notebooks/" + id + "/lab?token=" + token,
			"refused": "/_simulator/notebooks/" + id + "/lab",
		} {
			t.Run(name+" "+as.name, func(t *testing.T) {
				p := open(t, browser, s.url+address, as)
				if name == "page" {
					p.shows("#connection", "live")
					p.run(chromedp.Evaluate(`document.querySelector("#answer-details").open = true`, nil))
					p.shows("#answer-list", "lease")
				}
				p.isWide()
				p.hasNames()
				p.hasHeadings()
				p.hasContrast()
				if name != "refused" {
					p.silent()
				}
				p.picture(name + "-" + as.name)
				if name == "page" {
					p.run(chromedp.Evaluate(`document.querySelector("#answer-details").open = false`, nil))
					p.press("#reset")
					p.hasContrast()
					p.picture("dialog-" + as.name)
				}
			})
		}
	}
}

// fill makes a service that has something of everything, and returns the ID of a
// notebook that runs.
func fill(s *service) string {
	id := s.create("first-of-the-team", `, "lease": {"duration": 7200000},
		"endpoints": [{"service": "SSH", "key_pair_names": ["team"]}],
		"data_volumes": [{"category": "OBSFS", "ownership": "DEDICATED", "mount_path": "/home/ma-user/data/", "uri": "obs://lake/images/"}],
		"hooks": {"container_hooks": {"pre_start": {"script": "`+hookScript+`"}}}`)
	s.members("POST", s.path(id, "tags", "create"), `{"tags": [{"key": "team", "value": "vision"}]}`)
	s.create("idle", `, "lease": {"duration": 36000000, "type": "idle"}`)
	s.create("no-lease", `, "duration": -1`)
	s.advance("1h")
	s.members("POST", "/_simulator/faults", `{"kind": "create_failed", "step": 2, "reason": "No node has 2 vCPUs left."}`)
	s.create("cannot-start", "")
	s.advance("40m")
	s.members("POST", "/_simulator/faults", `{"kind": "throttle", "operation": "ListNotebooks", "count": -1, "retry_after": "1"}`)
	s.do("GET", s.path(), "")
	s.create("on-its-way", "")
	s.advance("20m")
	s.do("GET", s.path("00000000-0000-4000-8000-000000000000"), "")
	s.do("PUT", "/_simulator/answers", `{"answers": ["gone-404"]}`)
	return id
}

// isWide fails when the page is wider than the window.
func (p *tab) isWide() {
	p.t.Helper()
	if over := value[int](p, "document.documentElement.scrollWidth - window.innerWidth"); over > 0 {
		wide := value[[]string](p, `[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > window.innerWidth && !e.closest(".scroll")).map((e) => e.outerHTML.slice(0, 120))`)
		p.t.Errorf("the page is %d pixels wider than the window: %q", over, wide)
	}
}

// hasNames asks the browser for the tree that screen readers get.
func (p *tab) hasNames() {
	p.t.Helper()
	type text struct {
		Value any `json:"value"`
	}
	var tree struct {
		Nodes []struct {
			Ignored bool `json:"ignored"`
			Role    text `json:"role"`
			Name    text `json:"name"`
			Node    int  `json:"backendDOMNodeId"`
		} `json:"nodes"`
	}
	p.run(chromedp.ActionFunc(func(ctx context.Context) error {
		return cdp.Execute(ctx, "Accessibility.getFullAXTree", nil, &tree)
	}))
	named := 0
	for _, node := range tree.Nodes {
		switch node.Role.Value {
		case "button", "link", "textbox", "combobox", "checkbox", "radio", "searchbox", "spinbutton", "table", "region", "dialog":
			named++
			if !node.Ignored && (node.Name.Value == nil || node.Name.Value == "") {
				p.t.Errorf("a %v has no name: node %d", node.Role.Value, node.Node)
			}
		}
	}
	if named == 0 {
		p.t.Error("there is nothing that would have a name")
	}
}

// hasHeadings fails when a level of headings is left out, or there is not one
// first heading.
func (p *tab) hasHeadings() {
	p.t.Helper()
	levels := value[[]int](p, `[...document.querySelectorAll("h1, h2, h3, h4")].filter((h) => h.offsetParent !== null).map((h) => Number(h.tagName[1]))`)
	last, first := 0, 0
	for _, level := range levels {
		if level > last+1 {
			p.t.Errorf("the headings leave out a level: %v", levels)
		}
		if level == 1 {
			first++
		}
		last = level
	}
	if first != 1 {
		p.t.Errorf("there are %d first headings", first)
	}
}

// contrast measures every text that shows against what is behind it, as WCAG
// does, and lists what is below 4.5.
const contrast = `(() => {
  const parse = (text) => { const c = text.match(/[\d.]+/g).map(Number); return c.length < 4 ? [...c, 1] : c; };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const behind = (e) => {
    const layers = [];
    for (let at = e; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  };
  const light = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const bad = [];
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim() !== "");
    const style = getComputedStyle(e);
    if (!own || e.offsetParent === null || style.visibility === "hidden" || e.getAttribute("aria-disabled") === "true") continue;
    const back = behind(e), front = over(parse(style.color), back);
    const [a, b] = [light(front), light(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) bad.push(ratio.toFixed(2) + " " + e.tagName + " " + e.textContent.trim().slice(0, 40));
  }
  return [...new Set(bad)];
})()`

func (p *tab) hasContrast() {
	p.t.Helper()
	for _, text := range value[[]string](p, contrast) {
		p.t.Errorf("the contrast is too low: %s", text)
	}
}
