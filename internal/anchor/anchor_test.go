package anchor_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobzero/internal/anchor"
	"jobzero/internal/fault"
	"jobzero/internal/ticket"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// chain makes a chain of n links; text makes it another one.
func chain(n int, text string) []ticket.Link {
	var (
		out  []ticket.Link
		last ticket.Link
		tk   = ticket.Ticket{ID: "01A"}
	)
	for i := range n {
		if i%3 == 2 {
			last = ticket.FollowRow(last, "effect R/S", text)
		} else {
			last = ticket.Follow(last, tk.Seal(ticket.Entry{At: noon, Text: text}))
		}
		out = append(out, last)
	}
	return out
}

// pages gives a chain two links at a time.
func pages(links []ticket.Link) anchor.Chain {
	return func(after int64) ([]ticket.Link, error) {
		for i, l := range links {
			if l.Seq > after {
				return links[i:min(i+2, len(links))], nil
			}
		}
		return nil, nil
	}
}

func keyFile(t testing.TB) string {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: text}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func fileKey(t testing.TB) (anchor.Key, crypto.PublicKey) {
	t.Helper()
	k, err := anchor.File(keyFile(t))
	if err != nil {
		t.Fatal(err)
	}
	public, err := k.Public(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return k, public
}

func signed(t testing.TB, k anchor.Key, links []ticket.Link, after int64) []byte {
	t.Helper()
	s, err := anchor.State(links[0].Hash, after, links[after:], map[string]int{"tickets": 1}, noon)
	if err != nil {
		t.Fatal(err)
	}
	text, err := anchor.Sign(t.Context(), k, s)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Whatever was done to the chain since, the checkpoint names the first link that is not as it was.
func TestACheckpointNamesTheFirstLinkThatDiffers(t *testing.T) {
	k, public := fileKey(t)
	whole := chain(9, "as it was")
	other := chain(9, "rewritten")
	for name, c := range map[string]struct {
		now  []ticket.Link
		want string
	}{
		"as it was":     {whole, ""},
		"has grown":     {chain(12, "as it was"), ""},
		"cut off":       {whole[:7], "cut off at link 7"},
		"cut off whole": {nil, "cut off at link 3"},
		"link removed":  {append(append([]ticket.Link(nil), whole[:5]...), whole[6:]...), "link 6 was removed"},
		"rewritten":     {append(append([]ticket.Link(nil), whole[:4]...), other[4:]...), "link 5 (entry 4 of ticket 01A) is not as it was"},
		"row rewritten": {append(append([]ticket.Link(nil), whole[:5]...), other[5:]...), "link 6 (effect R/S) is not as it was"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := anchor.Read(signed(t, k, whole, 3), public)
			if err != nil {
				t.Fatal(err)
			}
			err = s.Holds(pages(c.now))
			if c.want == "" && err != nil || c.want != "" && (!fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// The short hashes only say where: a link that has them and not the head's whole hash does not pass.
func TestTheHeadIsHeldWhole(t *testing.T) {
	k, public := fileKey(t)
	links := chain(3, "a")
	s, err := anchor.Read(signed(t, k, links, 0), public)
	if err != nil {
		t.Fatal(err)
	}
	links[2].Hash = links[2].Hash[:60] + "0000"
	if err := s.Holds(pages(links)); !fault.Is(err, fault.Conflict) {
		t.Errorf("half a hash passes: %v", err)
	}
}

// What was not signed by the key, byte for byte, is no checkpoint.
func TestOnlyWhatWasSignedIsRead(t *testing.T) {
	k, public := fileKey(t)
	_, stranger := fileKey(t)
	text := signed(t, k, chain(3, "a"), 0)
	if _, err := anchor.Read(text, stranger); !fault.Is(err, fault.Conflict) {
		t.Errorf("another key: %v", err)
	}
	var c anchor.Checkpoint
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	for i := range c.Statement {
		was := c.Statement[i]
		c.Statement[i] ^= 1
		edited, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := anchor.Read(edited, public); err == nil {
			t.Fatalf("edited at byte %d it passes", i)
		}
		c.Statement[i] = was
	}
	c.Algorithm = "ECDSA_SHA_256"
	edited, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := anchor.Read(edited, public); err == nil {
		t.Error("another algorithm passes")
	}
	other, err := k.Sign(t.Context(), []byte(`{"form":"something else","seq":1,"links":"AAAAAAAAAAA="}`))
	if err != nil {
		t.Fatal(err)
	}
	other.Statement = []byte(`{"form":"something else","seq":1,"links":"AAAAAAAAAAA="}`)
	text, err = json.Marshal(other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := anchor.Read(text, public); !fault.Is(err, fault.Invalid) {
		t.Errorf("another statement that the key has signed: %v", err)
	}
}

func TestKeyFiles(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.pem")
	if err := os.WriteFile(bad, []byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{filepath.Join(dir, "none"), bad, dir} {
		if _, err := anchor.File(path); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", path, err)
		}
		if _, err := anchor.PublicFile(path); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s as a public key: %v", path, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	k, public := fileKey(f)
	f.Add(signed(f, k, chain(3, "a"), 0))
	f.Add([]byte(`{"statement":"e30=","algorithm":"ED25519","signature":""}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := anchor.Read(text, public)
		if err == nil && (s.Seq != 3 || s.Holds(pages(chain(3, "a"))) != nil) {
			t.Errorf("something that was never signed is read: %+v", s)
		}
	})
}
