package notebook

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/modelarts-community/terraform-provider-modelarts/internal/values"
)

// What the URI of an SSH endpoint leaves out. See design/0030-doors-to-a-notebook.md.
const (
	defaultSSHUser = "ma-user" // the user of every image of the service
	defaultSSHPort = 22
)

// What the parts of ssh are, for three schemas.
const (
	sshHostText = "Name or address of the host, an IPv6 address without brackets."
	sshPortText = "Port; `22` if the service returns none."
	sshUserText = "User to log in as; `ma-user` if the service returns none."
)

// sshModel is where to connect over SSH, in its parts.
type sshModel struct {
	Host types.String `tfsdk:"host"`
	Port types.Int64  `tfsdk:"port"`
	User types.String `tfsdk:"user"`
}

// parseSSH reads the URI of an SSH endpoint: ssh://user@host:port, host:port, or an
// address alone. It returns false where there is none, or one of a form that it does not
// know.
func parseSSH(uri string) (at sshModel, ok bool) {
	rest := strings.TrimSpace(uri)
	if scheme, after, found := strings.Cut(rest, "://"); found {
		if !strings.EqualFold(scheme, "ssh") {
			return at, false
		}
		rest = after
	}
	rest = strings.TrimRight(rest, "/")
	user := defaultSSHUser
	if i := strings.LastIndex(rest, "@"); i >= 0 {
		name, _, _ := strings.Cut(rest[:i], ":") // what may follow is a password
		if plain, err := url.PathUnescape(name); err == nil && plain != "" {
			user = plain
		}
		rest = rest[i+1:]
	}
	host, port, ok := hostAndPort(rest)
	return sshModel{types.StringValue(host), types.Int64Value(port), types.StringValue(user)}, ok
}

// hostAndPort splits host:port. An IPv6 address may stand in brackets or, without a
// port, alone.
func hostAndPort(text string) (host string, port int64, ok bool) {
	bare := text
	if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
		bare = text[1 : len(text)-1]
	}
	if at, err := netip.ParseAddr(bare); err == nil && at.Zone() == "" {
		return bare, defaultSSHPort, true
	}
	host, port = text, defaultSSHPort
	if strings.Contains(text, ":") {
		name, number, err := net.SplitHostPort(text)
		if err != nil {
			return "", 0, false
		}
		host = name
		if number != "" {
			if port, err = strconv.ParseInt(number, 10, 64); err != nil || port < 1 || port > 65535 {
				return "", 0, false
			}
		}
	}
	return host, port, host != "" && !strings.ContainsAny(host, "/?#[] \t")
}

// sshOf is the attribute ssh by the URI of an SSH endpoint; null where there is none.
func sshOf(c *values.Converter, uri string) types.Object {
	at, ok := parseSSH(uri)
	if !ok {
		return c.NullObject("ssh")
	}
	return c.Object("ssh", at)
}

// sshFromURI sets ssh by ssh_uri: null or unknown where that is.
func (m *model) sshFromURI(c *values.Converter) {
	if !m.SSHURI.IsUnknown() {
		m.SSH = sshOf(c, m.SSHURI.ValueString())
	}
}
