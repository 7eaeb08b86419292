package email

import (
	"net"
	"net/mail"
	"slices"

	"jobzero/internal/fault"
	"jobzero/internal/telemetry"
)

// Config is the server that takes e-mail; without an address there is none.
type Config struct {
	Server   string           `yaml:"server"` // host:port, such as smtp.example.com:587
	From     string           `yaml:"from"`   // address that messages come from
	User     string           `yaml:"user"`   // empty: the server asks for none
	Password telemetry.Secret `yaml:"password"`
	TLS      Security         `yaml:"tls"` // starttls where it is empty
}

// Security is how the way to the server is kept from being read.
type Security string

// The ways. Plain is for a server on the same machine.
const (
	StartTLS Security = "starttls"
	FromHead Security = "tls" // from the first byte
	Plain    Security = "none"
)

// Validate names the first thing that is wrong, with its key.
func (s Config) Validate() error {
	if s.Server == "" {
		return nil
	}
	host, _, err := net.SplitHostPort(s.Server)
	if err != nil {
		return fault.New(fault.Invalid, "server: %q: want host:port such as smtp.example.com:587", s.Server)
	}
	if _, err := mail.ParseAddress(s.From); err != nil {
		return fault.New(fault.Invalid, "from: %q: want the address that messages come from", s.From)
	}
	if !slices.Contains([]Security{"", StartTLS, FromHead, Plain}, s.TLS) {
		return fault.New(fault.Invalid, "tls: %q: want starttls, tls or none", s.TLS)
	}
	if local := net.ParseIP(host).IsLoopback() || host == "localhost"; s.TLS == Plain && s.User != "" && !local {
		return fault.New(fault.Invalid, "tls: none would show the password on the way: want starttls or tls")
	}
	return nil
}
