package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	signatureScheme = "SDK-HMAC-SHA256"
	signatureDate   = "20060102T150405Z"
	// signatureWindow is how far the date of a signature may be off.
	signatureWindow = 15 * time.Minute

	authSignature = "signature"
	authToken     = "token"
)

// session is what a token or a temporary key stands for. The zero session is
// that of the permanent keys, which reach every project of the account.
type session struct {
	// projectID is the project that a token is scoped to.
	projectID string
	// wholeDomain is a token that is scoped to the account and no project.
	wholeDomain bool
	expires     time.Time
}

// temporaryKey is a key pair of an agency, valid with its security token.
type temporaryKey struct {
	secret, securityToken string
	session               session
}

// authenticate finds out who sent a request and whether the project of its
// path is theirs. Operations that are open get the session if there is one.
// The caller holds s.mu.
func (s *Simulator) authenticate(r *http.Request, o *operation, c *call, now time.Time) *problem {
	p := s.identify(r, c, now)
	if o.open {
		c.authErr = p
		return nil
	}
	if p != nil {
		return p
	}
	projectID, scoped := c.path["project_id"]
	if !scoped {
		return nil
	}
	header := r.Header.Get("X-Project-Id")
	switch {
	case !slices.ContainsFunc(s.projects(), func(p project) bool { return p.ID == projectID }),
		header != "" && header != projectID,
		c.session.wholeDomain,
		c.session.projectID != "" && c.session.projectID != projectID:
		return refusal("ModelArts.0210", "")
	}
	return nil
}

// identify checks the signature or the token of a request.
func (s *Simulator) identify(r *http.Request, c *call, now time.Time) *problem {
	authorization := r.Header.Get("Authorization")
	token := r.Header.Get("X-Auth-Token")
	switch {
	case authorization != "":
		if p := s.verifySignature(r, c, now); p != nil {
			return p
		}
		c.entry.Auth = authSignature
	case token != "":
		found, known := s.tokens[token]
		if !known {
			return unauthenticated("decrypt token fail")
		}
		if !now.Before(found.expires) {
			if s.isB("token-6401") {
				return refusal("ModelArts.6401", "")
			}
			return refusal("ModelArts.0202", "")
		}
		c.session = found
		c.entry.Auth = authToken
	default:
		return unauthenticated("x-auth-token not found")
	}
	return nil
}

func unauthenticated(why string) *problem {
	return refusal("APIG.0301", "Incorrect IAM authentication information: "+why)
}

// verifySignature checks the signature of a request over exactly the headers
// that it names.
func (s *Simulator) verifySignature(r *http.Request, c *call, now time.Time) *problem {
	sig, ok := parseAuthorization(r.Header.Get("Authorization"))
	if !ok {
		return unauthenticated("the Authorization header is malformed")
	}
	// The vendor's Go SDK signs no Host, whatever the reference says of it.
	if !slices.Contains(sig.headers, "x-sdk-date") {
		return unauthenticated("X-Sdk-Date must be signed")
	}
	date := r.Header.Get("X-Sdk-Date")
	at, err := time.Parse(signatureDate, date)
	if err != nil {
		return unauthenticated("the X-Sdk-Date header is malformed")
	}
	// The gateway's clock is not moved by Advance: the caller's is not either.
	if s.options.Clock().Sub(at).Abs() > signatureWindow {
		return unauthenticated("the signature has expired")
	}
	secret, p := s.secretOf(r, c, sig.access, now)
	if p != nil {
		return p
	}
	want := sign(secret, date, canonicalRequest(r, c.body, sig.headers))
	if !hmac.Equal([]byte(want), []byte(sig.signature)) {
		return unauthenticated("verify aksk signature fail")
	}
	return nil
}

// secretOf looks up the secret of an access key, which for a temporary one
// needs its security token.
func (s *Simulator) secretOf(r *http.Request, c *call, access string, now time.Time) (string, *problem) {
	securityToken := r.Header.Get("X-Security-Token")
	if access == s.options.AccessKey && securityToken == "" {
		return s.options.SecretKey, nil
	}
	key, known := s.keys[access]
	switch {
	case !known:
		return "", unauthenticated("AK access failed")
	case !hmac.Equal([]byte(key.securityToken), []byte(securityToken)):
		return "", unauthenticated("verify security token fail")
	case !now.Before(key.session.expires):
		return "", unauthenticated("The token expires")
	}
	c.session = key.session
	return key.secret, nil
}

// signature is a parsed Authorization header.
type signature struct {
	access    string
	headers   []string
	signature string
}

func parseAuthorization(header string) (signature, bool) {
	var sig signature
	rest, ok := strings.CutPrefix(header, signatureScheme+" ")
	if !ok {
		return sig, false
	}
	for field := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		switch name {
		case "Access":
			sig.access = value
		case "SignedHeaders":
			sig.headers = strings.Split(value, ";")
		case "Signature":
			sig.signature = value
		}
	}
	lower := !slices.ContainsFunc(sig.headers, func(name string) bool { return name != strings.ToLower(name) })
	return sig, sig.access != "" && sig.signature != "" && lower && slices.IsSorted(sig.headers)
}

// canonicalRequest is what a signature is made over.
func canonicalRequest(r *http.Request, body []byte, signedHeaders []string) string {
	hash := sha256.Sum256(body)
	return strings.Join([]string{
		r.Method,
		canonicalPath(r.URL.Path),
		canonicalQuery(r.URL.Query()),
		canonicalHeaders(r, signedHeaders),
		strings.Join(signedHeaders, ";"),
		hex.EncodeToString(hash[:]),
	}, "\n")
}

// canonicalPath encodes each segment of a decoded path and ends it with a
// slash, whether or not it had one on the wire.
func canonicalPath(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		segments[i] = encode(segment)
	}
	return strings.TrimSuffix(strings.Join(segments, "/"), "/") + "/"
}

func canonicalQuery(query url.Values) string {
	var names []string
	for name := range query {
		names = append(names, name)
	}
	slices.Sort(names)
	var pairs []string
	for _, name := range names {
		values := slices.Sorted(slices.Values(query[name]))
		for _, value := range values {
			pairs = append(pairs, encode(name)+"="+encode(value))
		}
	}
	return strings.Join(pairs, "&")
}

// canonicalHeaders is a line for each value, so that it ends with a newline.
func canonicalHeaders(r *http.Request, names []string) string {
	var lines strings.Builder
	for _, name := range names {
		values := slices.Clone(r.Header.Values(name))
		switch name {
		// net/http takes these two out of the header.
		case "host":
			values = []string{r.Host}
		case "content-length":
			values = []string{strconv.FormatInt(r.ContentLength, 10)}
		}
		slices.Sort(values)
		for _, value := range values {
			lines.WriteString(name + ":" + strings.TrimSpace(value) + "\n")
		}
	}
	return lines.String()
}

// encode is percent-encoding with no other character left alone than the
// unreserved ones.
func encode(text string) string {
	const digits = "0123456789ABCDEF"
	var encoded strings.Builder
	for i := range len(text) {
		c := text[i]
		switch {
		case 'A' <= c && c <= 'Z', 'a' <= c && c <= 'z', '0' <= c && c <= '9', strings.IndexByte("-_.~", c) >= 0:
			encoded.WriteByte(c)
		default:
			encoded.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return encoded.String()
}

// sign is the signature over a canonical request.
func sign(secret, date, canonical string) string {
	hash := sha256.Sum256([]byte(canonical))
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signatureScheme + "\n" + date + "\n" + hex.EncodeToString(hash[:])))
	return hex.EncodeToString(mac.Sum(nil))
}
