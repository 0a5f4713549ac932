package simulator

import (
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
)

// metadataTokenMax is how long a token for the metadata may live.
const metadataTokenMax = 6 * time.Hour

// createMetadataToken gives an instance a token to ask for its metadata with.
func (s *Simulator) createMetadataToken(c *call) (*answer, *problem) {
	life, err := time.ParseDuration(c.header.Get("X-Metadata-Token-Ttl-Seconds") + "s")
	if err != nil || life <= 0 || life > metadataTokenMax {
		return plainText(http.StatusBadRequest, "X-Metadata-Token-Ttl-Seconds must be from 1 to 21600"), nil
	}
	token := strings.ReplaceAll(uuid.NewString(), "-", "")
	s.metadataTokens[token] = c.now.Add(life)
	return plainText(http.StatusOK, token), nil
}

// showSecurityKey gives an instance temporary keys of its agency.
func (s *Simulator) showSecurityKey(c *call) (*answer, *problem) {
	token := c.header.Get("X-Metadata-Token")
	switch {
	case token != "" && !c.now.Before(s.metadataTokens[token]), token == "" && s.options.MetadataTokens:
		return plainText(http.StatusUnauthorized, "The metadata token is missing or invalid"), nil
	case s.options.NoInstanceAgency:
		return plainText(http.StatusUnauthorized, "Please configure Cloud Service Agency first"), nil
	}
	return &answer{status: http.StatusOK, body: s.newTemporaryKey(c.now.Add(keyLifeMax * time.Second))}, nil
}

func plainText(status int, text string) *answer {
	return &answer{status: status, contentType: "text/plain", raw: []byte(text)}
}

// RevokeSessions makes all tokens and temporary keys invalid, before their time.
func (s *Simulator) RevokeSessions() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token, found := range s.tokens {
		found.expires = time.Time{}
		s.tokens[token] = found
	}
	s.keys = map[string]temporaryKey{}
}

// Secrets are the tokens and the secret parts of temporary keys that were given
// out and not revoked, for tests that look for them where they must not be.
func (s *Simulator) Secrets() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var secrets []string
	for token := range s.tokens {
		secrets = append(secrets, token)
	}
	for _, key := range s.keys {
		secrets = append(secrets, key.secret, key.securityToken)
	}
	for token := range s.metadataTokens {
		secrets = append(secrets, token)
	}
	return secrets
}
