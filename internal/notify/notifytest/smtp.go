package notifytest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"math/big"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// Server takes letters.
type Server struct {
	Address string
	Roots   *x509.CertPool // that its certificate comes from

	mu      sync.Mutex
	letters []Letter
	answers map[string]string
	trust   *tls.Config
}

// Letter is one that was taken.
type Letter struct {
	From   string
	To     []string
	Text   string
	Sealed bool // it came over TLS
}

// ID is its Message-ID.
func (l Letter) ID() string {
	m, err := mail.ReadMessage(strings.NewReader(l.Text))
	if err != nil {
		return ""
	}
	return m.Header.Get("Message-ID")
}

// Start begins one that ends with the test. Answers are what it says instead to a command, such as RCPT.
func Start(tb testing.TB, answers map[string]string) *Server {
	tb.Helper()
	listener, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{Address: listener.Addr().String(), answers: answers}
	s.certify(tb)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer conn.Close()
				_ = conn.SetDeadline(time.Now().Add(time.Minute))
				s.talk(conn)
			})
		}
	})
	tb.Cleanup(func() { _ = listener.Close(); all.Wait() })
	return s
}

// Letters are those that were taken, in order.
func (s *Server) Letters() []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.letters)
}

// Silence is said instead by saying nothing.
const Silence = ""

// Say changes what it says instead to commands.
func (s *Server) Say(answers map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = answers
}

func (s *Server) instead(verb string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	other, ok := s.answers[verb]
	return other, ok
}

func (s *Server) certify(tb testing.TB) {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		tb.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	s.Roots = x509.NewCertPool()
	s.Roots.AddCert(cert)
	s.trust = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
}

// talk speaks with one client until it leaves.
func (s *Server) talk(conn net.Conn) {
	in := bufio.NewReader(conn)
	var l Letter
	fmt.Fprint(conn, "220 mail.example.com\r\n")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.TrimSpace(strings.ToUpper(line)), " ")
		verb, _, _ = strings.Cut(verb, ":")
		answer := "250 fine"
		switch verb {
		case "EHLO":
			answer = "250-mail.example.com\r\n250-STARTTLS\r\n250 AUTH PLAIN"
		case "STARTTLS":
			fmt.Fprint(conn, "220 go ahead\r\n")
			sealed := tls.Server(conn, s.trust)
			conn, in, l.Sealed = sealed, bufio.NewReader(sealed), true
			continue
		case "AUTH":
			answer = "235 welcome"
		case "MAIL":
			l.From = strings.TrimSpace(line)
		case "RCPT":
			l.To = append(l.To, strings.TrimSpace(line))
		case "DATA":
			fmt.Fprint(conn, "354 go on\r\n")
			if l.Text, err = body(in); err != nil {
				return
			}
		case "QUIT":
			answer = "221 bye"
		}
		if other, ok := s.instead(verb); ok && other == Silence {
			_, _ = in.ReadByte() // until the client leaves
			return
		} else if ok {
			answer = other
		} else if verb == "DATA" {
			s.mu.Lock()
			s.letters = append(s.letters, l)
			s.mu.Unlock()
		}
		fmt.Fprint(conn, answer+"\r\n")
	}
}

func body(in *bufio.Reader) (string, error) {
	var b strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return b.String(), err
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
}
