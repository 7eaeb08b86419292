package auth

import (
	"context"
	"html/template"
	"net/http"
	"time"

	"jobzero/internal/fault"
)

// LinkPath is where one-time links lead; the secret follows.
const LinkPath = "/auth/link/"

// Routes are the pages for signing in and out, all below /auth.
func (g *Gate) Routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /auth", g.front)
	mux.HandleFunc("GET /auth/start", g.start)
	mux.HandleFunc("GET /auth/callback", g.callback)
	mux.HandleFunc("GET "+LinkPath+"{secret}", g.askLink)
	mux.HandleFunc("POST /auth/link", g.useLink)
	mux.HandleFunc("POST /auth/leave", g.leave)
	return Pages(mux)
}

// page is small, plain and without a script, so that it works whatever else does not.
var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>{{.Title}} · jobzero</title></head>
<body><main><h1>{{.Title}}</h1>{{with .Text}}<p>{{.}}</p>{{end}}
{{with .Start}}<p><a href="{{.}}">Sign in</a></p>{{end}}
{{with .Secret}}<form method="post" action="/auth/link"><input type="hidden" name="secret" value="{{.}}"><button>Sign in</button></form>{{end}}
{{with .Leave}}<form method="post" action="/auth/leave"><button>Sign out</button></form>{{end}}
{{with .Reports}}<p><a href="/report">Report something</a> without signing in.</p>{{end}}
</main></body></html>
`))

// view is what a page shows.
type view struct {
	Title, Text, Start, Secret string
	Leave                      bool
	Reports                    bool
}

func (g *Gate) show(w http.ResponseWriter, status int, v view) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := page.Execute(w, v); err != nil {
		g.log.Debug("a page was not written", "error", err) // whoever asked has gone
	}
}

// front is the page for signing in.
func (g *Gate) front(w http.ResponseWriter, r *http.Request) {
	if v, ok := Of(r.Context()); ok {
		g.show(w, http.StatusOK, view{Title: "Signed in", Text: "You are " + v.Name + ": " + words(v.Roles) + words(v.Scopes) + ".", Leave: true})
		return
	}
	if !g.Config.Ready() {
		g.show(w, http.StatusOK, view{Title: "Sign in", Text: "There is no provider in the settings. Whoever has the shell makes a one-time link: jobzero auth link.", Reports: g.Reports})
		return
	}
	to := within(r.URL.Query().Get("to"))
	g.show(w, http.StatusOK, view{Title: "Sign in", Start: "/auth/start?to=" + template.URLQueryEscaper(to), Reports: g.Reports})
}

// askLink asks before the link is used up: programs that look at links in messages would do so otherwise.
func (g *Gate) askLink(w http.ResponseWriter, r *http.Request) {
	g.show(w, http.StatusOK, view{Title: "Sign in", Text: "This link works once.", Secret: r.PathValue("secret")})
}

// localAccount is whom failures with one-time links are counted for.
const localAccount = "local"

// useLink lets in whoever has a one-time link, once.
func (g *Gate) useLink(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	const maxForm = 4 << 10
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	secret := r.PostFormValue("secret")
	if g.held(w, r, localAccount) {
		return
	}
	now := g.Now()
	var l Link
	err := g.Store.Update(ctx, func(tx Tx) (err error) {
		if l, err = tx.TakeLink(ctx, hash(secret)); err == nil && !now.Before(l.Ends) {
			err = fault.New(fault.NotFound, "the link has expired")
		}
		return err
	})
	if fault.Is(err, fault.NotFound) {
		g.fail(w, r, localAccount, "This link was used, has expired, or never was one. Make another: jobzero auth link.")
		return
	}
	if err != nil {
		g.broken(w, "use a one-time link", err)
		return
	}
	s := Visit{Who: "local:" + l.Name, Name: l.Name, Kind: Local, Roles: l.Roles}
	g.enter(w, r, s, "sign in by link", "/")
}

// enter begins a session under a new secret, whatever cookie there was, and goes on to a page.
func (g *Gate) enter(w http.ResponseWriter, r *http.Request, s Visit, how, to string) {
	ctx := r.Context()
	now, secret := g.Now(), newSecret()
	s.Hash, s.Began, s.Seen, s.Ends = hash(secret.Reveal()), now, now, now.Add(g.Config.Longest)
	err := g.Store.Update(ctx, func(tx Tx) error {
		if old := g.shown(r); old != "" {
			if err := tx.DropVisit(ctx, hash(old)); err != nil {
				return err
			}
		}
		return tx.SaveVisit(ctx, s)
	})
	if err != nil {
		g.broken(w, "begin a session", err)
		return
	}
	g.note(r, Record{Who: s.Who, Session: s.Hash[:12], What: how, Status: http.StatusSeeOther})
	g.log.Info("signed in", "who", s.Who, "how", how)
	http.SetCookie(w, g.cookie(g.cookieName(), secret.Reveal(), g.Config.Longest))
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// leave ends a session.
func (g *Gate) leave(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	if secret := g.shown(r); secret != "" {
		err := g.Store.Update(ctx, func(tx Tx) error { return tx.DropVisit(ctx, hash(secret)) })
		if err != nil {
			g.broken(w, "end a session", err)
			return
		}
	}
	http.SetCookie(w, g.cookie(g.cookieName(), "", -time.Second))
	http.Redirect(w, r, "/auth", http.StatusSeeOther)
}

// held turns away whoever has failed too often, from that source or for that account.
func (g *Gate) held(w http.ResponseWriter, r *http.Request, account string) bool {
	now := g.Now()
	wait := g.throttle.wait("from "+source(g.address(r)), sourceFails, now)
	if account != "" { // else nobody has said whose it is, and strangers must not keep everybody out
		wait = max(wait, g.throttle.wait("account "+account, accountFails, now))
	}
	if wait > 0 {
		g.turnAway(w, r, &blocked{wait})
	}
	return wait > 0
}

// fail counts an attempt that did not work, records it, and says why.
func (g *Gate) fail(w http.ResponseWriter, r *http.Request, account, why string) {
	now := g.Now()
	g.throttle.failed("from "+source(g.address(r)), now)
	if account != "" {
		g.throttle.failed("account "+account, now)
	}
	g.note(r, Record{What: "refused sign-in", Status: http.StatusForbidden, Note: why})
	g.show(w, http.StatusForbidden, view{Title: "Not signed in", Text: why})
}

func (g *Gate) broken(w http.ResponseWriter, doing string, err error) {
	g.log.Error("signing in", "doing", doing, "error", err)
	g.show(w, http.StatusServiceUnavailable, view{Title: "Not now", Text: "Signing in does not work at the moment. Try again; the log says more."})
}

// cookieName has the mark by which browsers keep a cookie to this host and to https, where that is how they come.
func (g *Gate) cookieName() string {
	if g.Config.TLS() {
		return "__Host-jobzero"
	}
	return "jobzero"
}

// cookie is one that no script reads and that other sites' requests do not carry, but for links that lead here.
func (g *Gate) cookie(name, value string, lasts time.Duration) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // Secure wherever browsers come by https; on the loopback there is none
		Name: name, Value: value, Path: "/", MaxAge: int(lasts / time.Second), HttpOnly: true, Secure: g.Config.TLS(), SameSite: http.SameSiteLaxMode,
	}
}

// Forget ends all sessions of somebody and says how many there were.
func Forget(ctx context.Context, s Store, who string) (n int, err error) {
	err = s.Update(ctx, func(tx Tx) (err error) {
		n, err = tx.DropVisitsOf(ctx, who)
		return err
	})
	return n, err
}
