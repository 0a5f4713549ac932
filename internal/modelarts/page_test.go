package modelarts

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"
)

// A list is one of which the answer has a member with records, or says how many there are.
// Anything else passes for no list, also for no empty one.
func TestWhatIsAList(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]int{
		`{"data":[],"total":0}`:               0,
		`{"data":[]}`:                         0, // without a total
		`{"data":[],"total":null}`:            0,
		`{"total":0}`:                         0, // without records
		`{"data":null,"total":0}`:             0,
		`{"groups":[]}`:                       0,
		`{"flavors":[]}`:                      0,
		`{"data":[{"id":"a"}]}`:               1,
		`{"data":[],"groups":[{"id":"a"}]}`:   1,
		`{"data":[{"id":"a"}],"total":0}`:     1,
		`{}`:                                  -1,
		`{"data":null}`:                       -1,
		`{"the_data":[]}`:                     -1,
		`{"error":"no"}`:                      -1,
		`{"data":null,"flavors":null,"x":[]}`: -1,
	} {
		c := serving(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) })
		got, err := 0, error(nil)
		for _, failed := range c.ListNotebooks(t.Context(), ListNotebooksQuery{}) {
			if failed != nil {
				got, err = -1, failed
				break
			}
			got++
		}
		if got != want || (err != nil) != (want < 0) || want < 0 && !errors.Is(err, ErrUnreadableAnswer) {
			t.Errorf("%s: %d records, want %d: %v", body, got, want, err)
		}
	}
}

// Whatever an answer says of the total, a list is read to its end.
func TestTotals(t *testing.T) {
	t.Parallel()
	for name, total := range map[string]any{"right": 120, "absent": nil, "zero": 0, "of the page": 50, "negative": -1} {
		c := serving(t, func(w http.ResponseWriter, r *http.Request) {
			offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
			limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
			records := []any{}
			for i := offset; i < min(offset+limit, 120); i++ {
				records = append(records, map[string]string{"id": fmt.Sprint(i)})
			}
			answer := map[string]any{"data": records}
			if total != nil {
				answer["total"] = total
			}
			_ = json.NewEncoder(w).Encode(answer) // into memory
		})
		got := 0
		for _, err := range c.ListNotebooks(t.Context(), ListNotebooksQuery{}) {
			if err != nil {
				t.Fatal(name, err)
			}
			got++
		}
		if want := map[bool]int{true: 50, false: 120}[name == "of the page"]; got != want {
			t.Errorf("%s: %d records, want %d", name, got, want)
		}
	}
}
