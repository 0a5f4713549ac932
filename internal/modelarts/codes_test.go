package modelarts

import (
	"errors"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documented has every code of the service's reference, of its clients and of
// recorded answers, by class.
var documented = map[error]string{
	ErrThrottled:     "6101",
	errUnsure:        "6100 6102 6361 6699 6691 6692 0010",
	ErrNotFound:      "6309 6404",
	errNoImage:       "6797",
	ErrNotReady:      "6355 6333",
	ErrConflict:      "6357",
	errAlready:       "6305 6306 6307 6308",
	errNotChangeable: "6347",
	ErrStopFirst:     "6304",
	errNotRunning:    "6327 6958",
	errRefused: "6785 6301 6303 6323 6870 6330 6716 6329 6328 6792 6768 6331 6528 6334 6335 6336 6332 6400 " +
		"6600 0101 0104 0107 6349 6348 6346 6326 6360 6200 6302 0113 0118 0116 6702 6927 6967 6772 " +
		"6358 6371 6324 6624 6316 6317 6318 6319 6320 6350 6353 6354 6782 6376 6379 6701 " +
		"0420 0421 0422 0423 0424 0425 0426 0427 0428 0429 0430 0431 6374 6377 6378 3818 6737 6771 6789 0102 " +
		"0210 0212 0201 0202 0203 0204 0205 0206 0207 0208 0209 6620 6608 6401 6201 6203 0108 0112 6407 0109",
}

func TestCodes(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for class, list := range documented {
		for number := range strings.FieldsSeq(list) {
			seen[number] = true
			if got := codes[number].class; !errors.Is(got, class) {
				t.Errorf("%s is %v, want %v", number, got, class)
			}
			if AdviceFor("ModelArts."+number) == "" {
				t.Errorf("%s has no advice", number)
			}
		}
	}
	for _, number := range slices.Sorted(maps.Keys(codes)) {
		if !seen[number] {
			t.Errorf("%s is not documented", number)
		}
	}
	for _, name := range []string{"", "6309", "ModelArts.", "ModelArts.9999", "APIG.6309", "modelarts.6309"} {
		if c, known := lookUp(name); known || c != (code{}) || AdviceFor(name) != "" {
			t.Errorf("%q is known: %v", name, c)
		}
	}
}

func TestRetry(t *testing.T) {
	t.Parallel()
	for number := range codes {
		if got := Retry("ModelArts." + number); got != (number == "6101") {
			t.Errorf("%s: %t", number, got)
		}
	}
	if Retry("") || Retry("ModelArts.9999") {
		t.Error("a code that is not documented is sent again")
	}
}

func TestSignInAgain(t *testing.T) {
	t.Parallel()
	anyStatus := strings.Fields("0201 0202 0203 0204 0205 0207 0208 0209 6401 6608 6620")
	for number := range codes {
		for _, status := range []int{400, 401, 403} {
			want := slices.Contains(anyStatus, number) || number == "0206" && status == 401
			if got := SignInAgain(status, "ModelArts."+number); got != want {
				t.Errorf("%s with %d: %t", number, status, got)
			}
		}
	}
	for _, name := range []string{"", "ModelArts.9999", "APIG.0602"} {
		if !SignInAgain(401, name) || SignInAgain(403, name) {
			t.Errorf("%q does not count by its status", name)
		}
	}
}

// The guide "Troubleshooting" explains each code once, and no others.
func TestGuideNamesEveryCode(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../docs/guides/troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(guide), "\n## Error codes\n")
	if !found {
		t.Fatal("the guide has no error codes")
	}
	named := map[string]int{}
	for _, code := range regexp.MustCompile("`ModelArts\\.(\\d+)`").FindAllStringSubmatch(table, -1) {
		named[code[1]]++
	}
	for number := range codes {
		if named[number] != 1 {
			t.Errorf("ModelArts.%s is %d times in the guide", number, named[number])
		}
		delete(named, number)
	}
	for number := range named {
		t.Errorf("the guide explains ModelArts.%s, which the provider does not have", number)
	}
}
