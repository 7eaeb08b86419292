package auth

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"jobzero/internal/fault"
	"jobzero/internal/org"
)

// Options are what New needs.
type Options struct {
	Config Config
	Store  Store
	Org    func() *org.Org // as it is now; nil inside: nobody is known
	NewID  func() string   // of a record
	Now    func() time.Time
	Log    *slog.Logger // nil: discarded
	Client *http.Client // to the provider; nil: the default one
	// Find gives the ID that the directory of people has for somebody by the user name, empty when it knows nobody of that name. Left says
	// whether that person has left. Nil: there is no directory.
	Find func(ctx context.Context, name string) (string, error)
	Left func(ctx context.Context, id string) (bool, error)
	// Reports says that whoever is not signed in may report something at /report: the page for signing in leads there.
	Reports bool
}

// Gate stands before every door for people and machines. Make it with New; it is safe for concurrent use.
type Gate struct {
	Options
	log      *slog.Logger
	proxies  []netip.Prefix
	cross    *http.CrossOriginProtection
	throttle *throttle

	mu       sync.Mutex
	provider *oidc.Provider // nil until somebody signs in
}

// New makes a gate.
func New(o Options) (*Gate, error) {
	proxies, err := networks(o.Config.Proxies)
	if err != nil {
		return nil, err
	}
	g := &Gate{Options: o, log: o.Log, proxies: proxies, cross: http.NewCrossOriginProtection(), throttle: newThrottle()}
	if g.log == nil {
		g.log = slog.New(slog.DiscardHandler)
	}
	if g.Client == nil {
		g.Client = &http.Client{Timeout: providerTime}
	}
	if o.Config.URL != "" {
		if err := g.cross.AddTrustedOrigin(strings.TrimSuffix(o.Config.URL, "/")); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "auth.url")
		}
	}
	return g, nil
}

// Guard finds out who asks and puts the Visitor into the context; it lets those through who are nobody, and Need or the handler turns
// them away. A write from a page of somebody else is refused, and every write of a visitor is recorded before it is done.
func (g *Gate) Guard(next http.Handler) http.Handler {
	return g.Open(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, ok, err := g.visitor(r)
		if err != nil {
			g.turnAway(w, r, err)
			return
		}
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		r = r.WithContext(With(r.Context(), v))
		if r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions {
			next.ServeHTTP(w, r)
			return
		}
		g.recorded(v, next, w, r)
	}))
}

// Open is for what anybody may do without a name: nobody is looked up and nothing is recorded. A write from a page of somebody else is refused.
func (g *Gate) Open(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := g.cross.Check(r); err != nil {
			Refuse(w, r, http.StatusForbidden, "this request comes from a page of another site")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Still reports whether whoever opened a stream may look on: their session may have ended, and they may have left. What cannot be looked up now
// ends nothing.
func (g *Gate) Still(r *http.Request) bool {
	v, ok, err := g.visitor(r)
	return ok && v.Somewhere(Look) || err != nil && fault.CodeOf(err) != fault.Denied && fault.CodeOf(err) != fault.NotFound
}

// Need lets those through who may do something to anything at all; the handler asks May for the thing itself. Whoever is nobody is sent to
// the page for signing in, or refused.
func Need(verb Verb, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, ok := Of(r.Context())
		switch {
		case ok && v.Somewhere(verb):
			next.ServeHTTP(w, r)
		case ok:
			Refuse(w, r, http.StatusForbidden, "this takes the right to "+string(verb)+", which you do not have")
		default:
			signInFirst(w, r)
		}
	})
}

// blocked is who has failed too often.
type blocked struct{ wait time.Duration }

// Error says how long it lasts.
func (b *blocked) Error() string {
	return "too many attempts have failed: try again in " + b.wait.Round(time.Second).String()
}

// turnAway answers what went wrong before anybody was known.
func (g *Gate) turnAway(w http.ResponseWriter, r *http.Request, err error) {
	if b, ok := errors.AsType[*blocked](err); ok {
		w.Header().Set("Retry-After", strconv.Itoa(int(b.wait/time.Second)+1))
		Refuse(w, r, http.StatusTooManyRequests, b.Error())
		return
	}
	switch fault.CodeOf(err) {
	case fault.Denied, fault.NotFound, fault.Invalid:
		w.Header().Set("WWW-Authenticate", `Bearer realm="jobzero"`)
		Refuse(w, r, http.StatusUnauthorized, err.Error())
	default:
		g.log.Error("who is asking", "error", err)
		Refuse(w, r, http.StatusServiceUnavailable, "who you are cannot be looked up now: try again")
	}
}
