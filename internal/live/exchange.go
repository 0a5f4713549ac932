package live

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/huaweicloud/apierror"
)

type object = map[string]any

// exchange is one request with its answer, as they were on the wire.
type exchange struct {
	// label says what the request was for.
	label  string
	method string
	// path is that below the project.
	path []string
	// sent is the body of the request.
	sent object
	// status is the HTTP status; 0 when there was no answer.
	status int
	// code is the error code of a refusal, without the ModelArts. before it.
	code string
	// body is the JSON of the answer.
	body any
}

// history is all exchanges of a life.
type history struct {
	list []*exchange
	// main is the ID of the notebook that the life is about.
	main string
	// ended is why the life ended early, empty when it did not.
	ended string
}

// of is the last exchange with a label, nil when there is none.
func (h *history) of(label string) *exchange {
	for _, e := range slices.Backward(h.list) {
		if e.label == label {
			return e
		}
	}
	return nil
}

// all are the exchanges with a label.
func (h *history) all(label string) []*exchange {
	return slices.DeleteFunc(slices.Clone(h.list), func(e *exchange) bool { return e.label != label })
}

// details are the answers that show the notebook, whatever they were asked for.
func (h *history) details() []*exchange {
	return slices.DeleteFunc(slices.Clone(h.list), func(e *exchange) bool {
		return e.method != http.MethodGet || !slices.Equal(e.path, []string{"notebooks", h.main}) || !e.taken()
	})
}

// taken reports whether a request was accepted.
func (e *exchange) taken() bool { return e != nil && e.status >= 200 && e.status < 300 }

// inconclusive are the codes of refusals that say nothing of what was asked: the
// quota, the resources, the rate, the failures of the service, the authorization.
var inconclusive = []string{
	"6101", "6100", "6102", "6361", "6691", "6692", "6699", "0010", "6355", "6333", "6302", "0113", "0116", "0118",
	"6716", "6329", "6328", "6360", "6200", "6326", "6201", "6203", "6528", "0108", "0112", "0109", "6407",
	"6701", "6379", "6376", "0428",
}

// outcome is "taken", or the code of a refusal that says something; else empty.
func (e *exchange) outcome() string {
	switch {
	case e.taken():
		return "taken"
	case e == nil || e.status < 400 || e.status == http.StatusTooManyRequests || slices.Contains(inconclusive, e.code):
		return ""
	}
	return e.code
}

// refused reports whether a request was refused for a reason of its own.
func (e *exchange) refused() bool { return e.outcome() != "" && !e.taken() }

// refusedFor reports whether it was refused with one of the codes.
func (e *exchange) refusedFor(codes ...string) bool {
	return e != nil && !e.taken() && slices.Contains(codes, e.code)
}

// notReached stands for an exchange that there is not.
const notReached = "not reached"

// String is what was answered, without anything secret.
func (e *exchange) String() string {
	switch {
	case e == nil:
		return notReached
	case e.status == 0:
		return e.label + " got no answer"
	case e.code != "":
		return fmt.Sprintf("%s got HTTP %d %s", e.label, e.status, e.fullCode())
	}
	return fmt.Sprintf("%s got HTTP %d", e.label, e.status)
}

var number = regexp.MustCompile(`^\d+$`)

func (e *exchange) fullCode() string {
	if number.MatchString(e.code) {
		return codePrefix + e.code
	}
	return e.code
}

// at is a member of the answer; false when it is not there. A number in the path
// is the place in a list.
func (e *exchange) at(path ...any) (any, bool) {
	if e == nil {
		return nil, false
	}
	return at(e.body, path...)
}

func at(value any, path ...any) (any, bool) {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			members, _ := value.(object)
			member, there := members[step]
			if !there {
				return nil, false
			}
			value = member
		case int:
			list, _ := value.([]any)
			if step >= len(list) {
				return nil, false
			}
			value = list[step]
		}
	}
	return value, true
}

// text is a member that is a text; empty when it is none.
func text(value any, path ...any) string {
	found, _ := at(value, path...)
	s, _ := found.(string)
	return s
}

// listOf is a member that is a list of objects.
func listOf(value any, path ...any) []object {
	found, _ := at(value, path...)
	list, _ := found.([]any)
	var objects []object
	for _, element := range list {
		if o, ok := element.(object); ok {
			objects = append(objects, o)
		}
	}
	return objects
}

// millis is a member that is a whole number; 0 when it is none.
func millis(value any, path ...any) int64 {
	found, _ := at(value, path...)
	n, _ := found.(json.Number)
	i, _ := n.Int64()
	return i
}

// truth is a member that is true or false; false when it is neither.
func truth(value any, path ...any) bool {
	found, _ := at(value, path...)
	is, _ := found.(bool)
	return is
}

// codePrefix begins the codes of the service.
const codePrefix = "ModelArts."

// request is a call that is to be made.
type request struct {
	label, method string
	path          []string
	query         url.Values
	body          object
	// version of the API. Empty: v1.
	version string
	// token replaces the credentials.
	token string
}

// writeTime bounds a call that changes something. A cancel does not reach it:
// whether it was made would never be known.
const writeTime = 3 * time.Minute

// call makes a request and records it. Once ctx has ended it makes none and
// returns nil.
func (l *life) call(ctx context.Context, r request) *exchange {
	if ctx.Err() != nil {
		return nil
	}
	if r.method != http.MethodGet {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), writeTime)
		defer cancel()
	}
	e := &exchange{label: r.label, method: r.method, path: r.path, sent: r.body}
	if err := l.send(ctx, r, e); err != nil {
		l.say("%s: %v", r.label, err)
	} else if r.label != polling {
		l.say("%s", e)
	}
	l.h.list = append(l.h.list, e)
	return e
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 16 << 20

// send sends a request and reads the answer into e.
func (l *life) send(ctx context.Context, r request, e *exchange) error {
	path := append([]string{cmp.Or(r.version, "v1"), l.o.Project}, r.path...)
	target := l.o.Endpoint.JoinPath(path...)
	target.RawQuery = r.query.Encode()
	var body io.Reader = http.NoBody
	if r.body != nil {
		encoded, err := json.Marshal(r.body)
		if err != nil {
			return err
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, target.String(), body)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Language", "en-us")
	client := l.o.Client
	if r.token != "" {
		client = l.o.Plain
		req.Header.Set("X-Auth-Token", r.token)
	}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("no answer: %w", err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil && r.method == http.MethodGet {
		return fmt.Errorf("no whole answer: %w", err)
	}
	e.status = resp.StatusCode
	if e.status >= 400 {
		code := apierror.Read(e.status, resp.Header, data).Code
		if !plainCode.MatchString(code) {
			code = ""
		}
		e.code = strings.TrimPrefix(code, codePrefix)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&e.body); err != nil {
		e.body = nil
		if r.method == http.MethodGet && e.taken() {
			e.status = 0
			return fmt.Errorf("the answer cannot be read: %w", err)
		}
	}
	l.secrets.learn(e.body)
	return nil
}

// plainCode is a code that is safe to print.
var plainCode = regexp.MustCompile(`^[A-Za-z]{1,24}\.\d{1,6}$|^\d{1,6}$`)
