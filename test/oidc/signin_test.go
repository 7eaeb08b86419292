package oidc

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"jobzero/internal/app"
	"jobzero/internal/auth"
	"jobzero/internal/config"
	"jobzero/internal/store"
)

const people = `people:
  - {id: mia, name: Mia Example, email: mia@example.com}
  - {id: kim, name: Kim Example, email: kim@example.com}
teams:
  - {name: shop, lead: kim, members: [kim]}
`

// house is one that runs with a provider.
type house struct {
	at  string
	dir string
	log *written
	c   config.Config
}

type written struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write keeps what is logged.
func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *written) text() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.String()
}

func open(t *testing.T, who map[string]claims) house {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0") // its port is in the provider's settings before the house is there
	if err != nil {
		t.Fatal(err)
	}
	listen := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	h := house{at: "http://" + listen, dir: t.TempDir(), log: &written{}}
	orgFile := filepath.Join(h.dir, "org.yaml")
	if err := os.WriteFile(orgFile, []byte(people), 0o600); err != nil {
		t.Fatal(err)
	}
	h.c = config.Default()
	h.c.DataDir, h.c.Listen, h.c.Org = h.dir, listen, orgFile
	h.c.Auth.URL = h.at
	h.c.Auth.OIDC.Issuer = provider(t, who, h.at+"/auth/callback")
	h.c.Auth.OIDC.ClientID, h.c.Auth.OIDC.Secret = "jobzero", secret
	h.c.Auth.OIDC.Scopes = []string{"email", "groups", "profile"}
	h.c.Auth.Roles = []auth.Grant{{Role: auth.Viewer, Everyone: true}, {Role: auth.Responder, Groups: []string{"security"}}}
	if err := h.c.Validate(); err != nil {
		t.Fatal(err)
	}
	built, err := app.New(t.Context(), h.c, app.Options{Log: slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	if err := built.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := built.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return h
}

// TestPeopleSignIn leads people through a real provider: whom org.yaml knows comes in with the roles of groups and teams, and nobody else does.
func TestPeopleSignIn(t *testing.T) {
	h := open(t, map[string]claims{
		"mia":      {"email": "Mia@example.com", "email_verified": true, "groups": []string{"security", "cooking"}},
		"kim":      {"email": "kim@example.com", "email_verified": true},
		"stranger": {"email": "eve@example.net", "email_verified": true, "groups": []string{"security"}},
		"unproved": {"email": "mia@example.com", "email_verified": false, "groups": []string{"security"}},
		"silent":   {},
	})
	for who, want := range map[string]string{
		"mia":      "You are Mia Example: reporter, viewer, responder.",
		"kim":      "You are Kim Example: reporter, viewer, owner-of-team.",
		"stranger": "is nobody among the people of org.yaml",
		"unproved": "verified to be yours",
		"silent":   "does not say who you are",
	} {
		t.Run(who, func(t *testing.T) {
			b := newBrowser(t)
			p := b.signIn(h.at, who, "/auth")
			if !strings.Contains(p.text, want) {
				t.Fatalf("%d at %s: %s, want %q", p.status, p.at, p.text, want)
			}
			in := p.status == http.StatusOK
			if again := b.get(h.at + "/auth"); in != strings.Contains(again.text, "You are") {
				t.Errorf("afterwards: %s", again.text)
			}
			if !in {
				return
			}
			if out := b.send(p, map[string][]string{}); !strings.Contains(out.text, "Sign in") {
				t.Errorf("after signing out: %s", out.text)
			}
		})
	}
	for _, never := range []string{secret, "id_token", "eyJ"} {
		if strings.Contains(h.log.text(), never) {
			t.Errorf("the log holds %q", never)
		}
	}
	st, err := store.Open(t.Context(), h.c.DatabaseURL().Reveal())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = st.Close() }()
	err = st.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.Records(t.Context(), "", 100)
		kinds := map[string]int{}
		for _, r := range all {
			kinds[r.What]++
		}
		if kinds["sign in by OpenID Connect"] != 2 || kinds["refused sign-in"] != 3 {
			t.Errorf("the record has %v", kinds)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAnAnswerCountsOnlyForItsQuestion: an answer without the cookie of its question, with another state, or for the second time lets nobody in.
func TestAnAnswerCountsOnlyForItsQuestion(t *testing.T) {
	h := open(t, map[string]claims{"mia": {"email": "mia@example.com", "email_verified": true}})
	b := newBrowser(t)
	var answer string
	b.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), h.at+"/auth/callback") {
			answer = r.URL.String()
		}
		return nil
	}
	if p := b.signIn(h.at, "mia", "/auth"); p.status != http.StatusOK || answer == "" {
		t.Fatalf("%d %s", p.status, p.text)
	}
	for name, try := range map[string]func() page{
		"in another browser": func() page { return newBrowser(t).get(answer) },
		"for the second time": func() page {
			return b.get(answer)
		},
		"with another state": func() page {
			other := newBrowser(t)
			other.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			other.get(h.at + "/auth/start")
			return other.get(answer)
		},
	} {
		if p := try(); p.status != http.StatusForbidden || strings.Contains(p.text, "You are") {
			t.Errorf("%s: %d %s", name, p.status, p.text)
		}
	}
}

// TestOneLeavesThisDoorByNoOther: where to go on after signing in is a page of this door and nothing else.
func TestOneLeavesThisDoorByNoOther(t *testing.T) {
	h := open(t, map[string]claims{"mia": {"email": "mia@example.com", "email_verified": true}})
	for i, to := range []string{"https://evil.example.net/", "//evil.example.net", `/\evil.example.net`, "javascript:alert(1)"} {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			p := newBrowser(t).signIn(h.at, "mia", to)
			if p.at.String() != h.at+"/" {
				t.Errorf("went on to %s", p.at)
			}
		})
	}
}
