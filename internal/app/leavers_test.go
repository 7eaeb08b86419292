package app

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"jobzero/internal/access/tie"
	"jobzero/internal/config"
	"jobzero/internal/finding"
	"jobzero/internal/flow"
	"jobzero/internal/principal/person"
	"jobzero/internal/testmoto"
	"jobzero/internal/ticket"
)

// ana is somebody who is here.
func ana() person.Person {
	return person.Person{ID: "01ANA", UserName: "ana@example.com", Display: "Ana Sousa", Active: true, Source: "hr", Version: 1}
}

// says keeps what a directory says of somebody.
func (s *stall) says(p person.Person) person.Person {
	s.t.Helper()
	p.Changed = s.clock.Now()
	err := s.store.Update(s.t.Context(), func(tx storeTx) error {
		return tx.SavePerson(s.t.Context(), p, person.Entry{Subject: p.ID, Seq: p.Version, At: p.Changed, Kind: person.Changed})
	})
	if err != nil {
		s.t.Fatal(err)
	}
	p.Version++
	return p
}

// TestWhoseOwnerHasLeft: what somebody owns by its tags wants another owner when he leaves, and is well when he is back.
func TestWhoseOwnerHasLeft(t *testing.T) {
	s := newStall(t, "good")
	s.world.all["till"], s.world.tags = map[string]any{"good": true}, map[string]string{"Owner": "ana@example.com"}
	fp := finding.Print(finding.Leaver, byOrphan, a("till").Key())
	book := func(active bool) {
		p := ana()
		p.Active = active
		s.leaving.book.Store(tie.NewBook([]person.Person{p}))
	}
	book(true)
	s.looks("till")
	if f, _, _ := s.found(fp); f.Fingerprint != "" {
		t.Fatalf("its owner is here: %+v", f)
	}
	book(false)
	s.looks("till") // it is as it was, and its owner is not
	f, tk, _ := s.found(fp)
	if f.State != finding.Open || !tk.Routine || !strings.Contains(f.Why, "Ana Sousa, who owns it by the tag Owner with ana@example.com, has left") {
		t.Fatalf("%s %+v %+v", f.Why, f, tk)
	}
	if _, err := s.director.Advance(t.Context(), string(tk.ID)); err != nil {
		t.Fatal(err)
	}
	if f, tk, _ := s.found(fp); f.State != finding.Human || tk.State != ticket.Human {
		t.Fatalf("a person gives it another owner: %s, %s", f.State, tk.State)
	}
	s.world.tags = map[string]string{"Owner": "bo@example.com"}
	s.looks("till")
	s.time.Advance(time.Minute)
	if _, err := s.director.Advance(t.Context(), string(tk.ID)); err != nil {
		t.Fatal(err)
	}
	if f, tk, words := s.found(fp); f.State != finding.Done || tk.State != ticket.Closed {
		t.Errorf("it has another owner: %s, %s\n%s", f.State, tk.State, words)
	}
}

// blind stands before the emulator, and lets nobody see who is in an account while it is dark.
type blind struct {
	dark atomic.Bool
	url  string
}

func newBlind(t *testing.T, server string) *blind {
	t.Helper()
	to, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	b := &blind{}
	pass := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to); r.Out.Host = r.In.Host },
		Transport: &http.Transport{DisableKeepAlives: true},
	}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if b.dark.Load() && strings.Contains(string(body), "Action=GetAccountAuthorizationDetails") {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	b.url = srv.URL
	return b
}

// TestGoneOnlyWhenProved: what could not be read keeps a leaver's ticket open, and so do sessions that nobody can list, until none can be left.
func TestGoneOnlyWhenProved(t *testing.T) {
	server := testmoto.NewBeside(t, testmoto.Shared(t))
	account, ctx := testmoto.Account(), t.Context()
	c := iam.NewFromConfig(server.Config(account))
	name, out := aws.String("ana@example.com"), aws.String("jobzero-shut-out")
	deny := aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}`)
	if _, err := c.CreateUser(ctx, &iam.CreateUserInput{UserName: name}); err != nil {
		t.Fatal(err)
	}
	eyes := newBlind(t, server.Endpoint)
	s := &stall{t: t, time: flow.NewLeap(), settings: config.Default()}
	s.settings.DataDir, s.settings.Listen, s.settings.Sweep.CloudControl = t.TempDir(), "127.0.0.1:0", false
	s.settings.AWS.Endpoint, s.settings.AWS.MaxBackoff = eyes.url, 50*time.Millisecond
	s.settings.AWS.Credentials = credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "emulator-only", "")
	s.settings.Accounts = []config.Account{{ID: account, Regions: []string{"us-east-1"}}}
	var err error
	if s.House, err = New(ctx, s.settings, Options{Log: slog.New(slog.DiscardHandler), Clock: s.time}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Stop(context.WithoutCancel(ctx)) })
	fp := finding.Print(finding.Leaver, byLeaver, "01ANA", "")
	round := func(after time.Duration) (finding.Finding, ticket.Ticket, string) {
		t.Helper()
		s.time.Advance(after)
		if _, err := s.leavers(ctx, everybody); err != nil {
			t.Fatal(err)
		}
		_, tk, _ := s.found(fp)
		for range 3 {
			if tk.ID == "" {
				break
			}
			s.time.Advance(time.Minute)
			if _, err := s.director.Advance(ctx, string(tk.ID)); err != nil {
				t.Fatal(err)
			}
		}
		return s.found(fp)
	}
	p := s.says(ana())
	if f, _, _ := round(0); f.Fingerprint != "" {
		t.Fatalf("she is here: %+v", f)
	}
	p.Active = false
	s.says(p)
	f, tk, words := round(time.Minute)
	if f.State != finding.Human || tk.State != ticket.Human || !strings.Contains(words, "plan mode: would do iam.shut-out-user") {
		t.Fatalf("%s\n%s", f.State, words)
	}
	if _, err := c.PutUserPolicy(ctx, &iam.PutUserPolicyInput{UserName: name, PolicyName: out, PolicyDocument: deny}); err != nil { // a person does it
		t.Fatal(err)
	}
	eyes.dark.Store(true)
	if f, tk, words = round(13 * time.Hour); f.State == finding.Done || tk.State == ticket.Closed {
		t.Fatalf("who is there was not read: %s, %s\n%s", f.State, tk.State, words)
	}
	eyes.dark.Store(false)
	if f, tk, words = round(time.Hour); tk.State == ticket.Closed { // the user was seen to be shut out just now
		t.Fatalf("a session of a role may be left: %s, %s\n%s", f.State, tk.State, words)
	}
	round(13 * time.Hour)
	if f, tk, words = round(time.Hour); f.State != finding.Done || tk.State != ticket.Closed || !strings.Contains(words, "Ana Sousa is gone: on fresh reads") {
		t.Errorf("%s, %s, %s\n%s", f.State, f.Why, tk.State, words)
	}
	// Before anybody who is not gone is forgotten, he is back.
	if _, err := c.DeleteUserPolicy(ctx, &iam.DeleteUserPolicyInput{UserName: name, PolicyName: out}); err != nil {
		t.Fatal(err)
	}
	if f, tk, _ = round(25 * time.Hour); tk.State == ticket.Closed {
		t.Errorf("she can call again: %s, %s", f.State, tk.State)
	}
}
