package actiontest

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"

	"jobzero/internal/action"
	"jobzero/internal/effect"
	"jobzero/internal/fault"
	"jobzero/internal/testmoto"
)

// Case is one action and its world. All functions work as the account's owner, with clients of their own.
type Case struct {
	Action  action.Action
	Make    func(t *testing.T, owner aws.Config, account string) effect.Target // makes what the action repairs
	State   func(t *testing.T, owner aws.Config, to effect.Target) string      // what undoing has to bring back
	Disturb func(t *testing.T, owner aws.Config, to effect.Target)             // a change of the same thing by somebody else; nil: it is there or not
	Witness *Witness                                                           // is told of every call; nil: nobody is
	// Beside, where it is set, stands where the emulator lacks what the action calls: the action then says of itself that it is held
	// against the contract only.
	Beside func(t *testing.T, emulator *testmoto.Server) Stand
}

// Stand is where the case runs, and what saw the calls: the emulator, or a stand-in that holds the action against the API's contract.
type Stand interface {
	Config(account string) aws.Config
	Record(ctx context.Context) error
	Calls(ctx context.Context) ([]testmoto.Call, error)
}

// The keys that tell the two roles apart in the recording.
const (
	readerKey    = "AKIAREADER0000000000"
	responderKey = "AKIARESPONDER0000000"
)

// world is one case in an account of its own.
type world struct {
	Case
	server  Stand
	account string
	owner   aws.Config
	session action.Session
	target  effect.Target
}

// Run checks the case. The server's recorder is used, so that it must not be shared with another test.
func Run(t *testing.T, server Stand, c Case) {
	t.Run("plan, do, verify and undo", func(t *testing.T) { life(t, build(t, server, c)) })
	t.Run("the world moves on", func(t *testing.T) { moved(t, build(t, server, c)) })
	t.Run("somebody else was faster", func(t *testing.T) { already(t, build(t, server, c)) })
	t.Run("killed between calls", func(t *testing.T) { killed(t, func() *world { return build(t, server, c) }) })
	t.Run("denied", func(t *testing.T) { denied(t, build(t, server, c)) })
	t.Run("a plan that was tampered with", func(t *testing.T) { tampered(t, build(t, server, c)) })
}

func build(t *testing.T, server Stand, c Case) *world {
	t.Helper()
	w := &world{Case: c, server: server, account: testmoto.Account()}
	w.owner = server.Config(w.account)
	w.session = action.Session{Reader: as(w.owner, readerKey), Responder: as(w.owner, responderKey)}
	w.target = c.Make(t, w.owner, w.account)
	return w
}

func as(cfg aws.Config, key string) aws.Config {
	cfg = cfg.Copy()
	cfg.Credentials = credentials.NewStaticCredentialsProvider(key, "emulator-only", "")
	return cfg
}

// plan makes a plan and sends it through its journal's form, as a run does.
func (w *world) plan(t *testing.T) effect.Plan {
	t.Helper()
	p, err := w.Action.Plan(t.Context(), w.session, w.target)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back effect.Plan
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

func (w *world) state(t *testing.T) string {
	t.Helper()
	return w.State(t, w.owner, w.target)
}

// during gives the calls of the two roles that f makes.
func (w *world) during(t *testing.T, f func()) []testmoto.Call {
	t.Helper()
	if err := w.server.Record(t.Context()); err != nil {
		t.Fatal(err)
	}
	f()
	calls, err := w.server.Calls(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	calls = slices.DeleteFunc(calls, func(c testmoto.Call) bool { return c.Key != readerKey && c.Key != responderKey })
	w.declared(t, calls)
	return calls
}

// declared checks each call against how the action describes itself: readers only read, and nobody does more than declared.
func (w *world) declared(t *testing.T, calls []testmoto.Call) {
	t.Helper()
	i := w.Action.Info()
	for _, c := range calls {
		w.Witness.saw(c)
		may := i.Reads
		if c.Key == responderKey {
			may = i.Writes
		}
		if !slices.Contains(may, c.Permission()) {
			t.Errorf("%s called %s, which takes %s; declared is %v", c.Key, c, c.Permission(), may)
		}
		if c.Key == readerKey && c.Write() {
			t.Errorf("the reader wrote: %s", c)
		}
	}
}

func life(t *testing.T, w *world) {
	before := w.state(t)
	var p effect.Plan
	if calls := testmoto.Writes(w.during(t, func() { p = w.plan(t) })); len(calls) > 0 {
		t.Errorf("planning wrote: %v", calls)
	}
	if d := cmp.Diff(before, w.state(t)); d != "" {
		t.Errorf("planning changed the world: %s", d)
	}
	w.Witness.planned(complete(t, w.Action, p))
	w.holds(t, p, false)
	w.does(t, "do", len(p.Calls), func() (effect.Result, error) { return w.Action.Do(t.Context(), w.session, p) })
	w.holds(t, p, true)
	if again := w.plan(t); len(again.Calls) > 0 || again.Nothing == "" {
		t.Errorf("after doing, the plan still has something to do: %+v", again)
	}
	w.does(t, "do twice", 0, func() (effect.Result, error) { return w.Action.Do(t.Context(), w.session, p) })
	if p.Undo == effect.None {
		if _, err := w.Action.Undo(t.Context(), w.session, p); !fault.Is(err, fault.Denied) {
			t.Errorf("undo of what nothing brings back: %v, want denied", err)
		}
		w.holds(t, p, true)
		return
	}
	w.does(t, "undo", len(p.Calls), func() (effect.Result, error) { return w.Action.Undo(t.Context(), w.session, p) })
	if d := cmp.Diff(before, w.state(t)); d != "" {
		t.Errorf("undoing did not bring the state back: %s", d)
	}
	w.holds(t, p, false)
	w.does(t, "undo twice", 0, func() (effect.Result, error) { return w.Action.Undo(t.Context(), w.session, p) })
}

// complete checks that the plan says what people and undoing need, and gives its calls and those that undo it.
func complete(t *testing.T, a action.Action, p effect.Plan) []effect.Call {
	t.Helper()
	i := a.Info()
	if p.Action != i.ID || p.Undo != i.Undo || len(p.Calls) == 0 || p.Diff == "" || len(p.Loses) == 0 || len(p.Before) == 0 || p.Refused != "" || p.Nothing != "" {
		t.Errorf("the plan is not complete: %+v", p)
	}
	var inverse []effect.Call
	if i.Undo != effect.None {
		var err error
		if inverse, err = a.(action.Inverter).Inverse(p); err != nil || len(inverse) == 0 {
			t.Errorf("no inverse: %v", err)
		}
	}
	all := append(slices.Clone(p.Calls), inverse...)
	for _, c := range all {
		shaped(t, c)
		for _, n := range c.Needs() {
			if !slices.Contains(i.Writes, n.Permission) || n.Resource == "" || n.Resource == "*" && narrowable(n.Permission) {
				t.Errorf("%s on %q: want a declared permission on one resource", n.Permission, n.Resource)
			}
		}
	}
	return all
}

func (w *world) holds(t *testing.T, p effect.Plan, want bool) {
	t.Helper()
	c, err := w.Action.Verify(t.Context(), w.session, p)
	if err != nil || c.Unknown || c.Holds != want || c.Text == "" {
		t.Errorf("verify: %+v, %v; want holds %t", c, err, want)
	}
}

// does checks that the number of writing calls is the one reported and the one expected.
func (w *world) does(t *testing.T, what string, want int, f func() (effect.Result, error)) {
	t.Helper()
	calls := w.during(t, func() {
		r, err := f()
		if err != nil || r.Calls != want || r.Already != (want == 0) {
			t.Fatalf("%s: %+v, %v; want %d calls", what, r, err, want)
		}
	})
	if got := testmoto.Writes(calls); len(got) != want {
		t.Errorf("%s: the recorder saw %v, want %d writes", what, got, want)
	}
}

func moved(t *testing.T, w *world) {
	if w.Disturb == nil {
		t.Skip("it is there or not: nothing of it can change otherwise")
	}
	p := w.plan(t)
	w.Disturb(t, w.owner, w.target)
	before := w.state(t)
	if _, err := w.Action.Do(t.Context(), w.session, p); !fault.Is(err, fault.Conflict) {
		t.Errorf("do after a change: %v, want a conflict", err)
	}
	if d := cmp.Diff(before, w.state(t)); d != "" {
		t.Errorf("a refused do changed the world: %s", d)
	}
}

func already(t *testing.T, w *world) {
	p := w.plan(t)
	if _, err := w.Action.Do(t.Context(), w.session, w.plan(t)); err != nil {
		t.Fatal(err)
	}
	w.does(t, "do after somebody else", 0, func() (effect.Result, error) { return w.Action.Do(t.Context(), w.session, p) })
}

// blinded is a reader whom AWS denies everything.
func (w *world) blinded(t *testing.T) aws.Config {
	t.Helper()
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(http.StatusForbidden) }))
	t.Cleanup(srv.Close)
	cfg := w.owner.Copy()
	cfg.BaseEndpoint, cfg.HTTPClient = aws.String(srv.URL), srv.Client()
	return cfg
}

// denied: what cannot be seen is an error or unknown, and nothing is written.
func denied(t *testing.T, w *world) {
	p := w.plan(t)
	s := action.Session{Reader: w.blinded(t), Responder: w.session.Responder}
	before := w.state(t)
	if q, err := w.Action.Plan(t.Context(), s, w.target); !fault.Is(err, fault.Denied) {
		t.Errorf("plan: %+v, %v; want denied", q, err)
	}
	if _, err := w.Action.Do(t.Context(), s, p); !fault.Is(err, fault.Denied) {
		t.Errorf("do: %v, want denied", err)
	}
	if _, err := w.Action.Undo(t.Context(), s, p); !fault.Is(err, fault.Denied) {
		t.Errorf("undo: %v, want denied", err)
	}
	if c, err := w.Action.Verify(t.Context(), s, p); err != nil || !c.Unknown || c.Holds {
		t.Errorf("verify: %+v, %v; want unknown", c, err)
	}
	if d := cmp.Diff(before, w.state(t)); d != "" {
		t.Errorf("a blind do changed the world: %s", d)
	}
}

// tampered: a call for something else than the plan's target is not made.
func tampered(t *testing.T, w *world) {
	before := w.state(t)
	for _, input := range []string{`{}`, `{"Surprise":1}`, `[]`, ``} {
		p := w.plan(t)
		if action.SameText(input, string(p.Calls[0].Input)) { // a call whose input says nothing
			continue
		}
		p.Calls[0].Input = json.RawMessage(input)
		if _, err := w.Action.Do(t.Context(), w.session, p); !fault.Is(err, fault.Invalid) {
			t.Errorf("input %q: %v, want invalid", input, err)
		}
		if input == `{}` { // as a record of what was there before, nothing may be the truth
			continue
		}
		p = w.plan(t)
		p.Before = json.RawMessage(input)
		if _, err := w.Action.Do(t.Context(), w.session, p); err == nil {
			t.Errorf("before %q: no error", input)
		}
	}
	if d := cmp.Diff(before, w.state(t)); d != "" {
		t.Errorf("the world changed: %s", d)
	}
}
