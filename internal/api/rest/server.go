package rest

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"jobzero/internal/auth"
	"jobzero/internal/oncall/pager"
)

// Prefix is before every path.
const Prefix = "/api/v1"

const (
	eventsPath = Prefix + "/events"
	textPath   = Prefix + "/openapi.yaml"
)

// Options are what New needs.
type Options struct {
	Store   Store
	Replies Replies
	Know    Know
	Duties  Duties
	Carrier pager.Carrier // ends what people are still told of a page that somebody has; nil: nobody is told anything
	Hooks   Hooks
	Replay  func(ctx context.Context, letter string) (Replayed, error)
	Events  http.Handler // what changes, as it does; nil: not there
	Now     func() time.Time
	Log     *slog.Logger // nil: discarded
}

type server struct {
	Options
	log    *slog.Logger
	api    huma.API
	routes []Route
}

// Route is one path with the right that it takes.
type Route struct {
	ID     string
	Method string
	Path   string
	Verb   auth.Verb // empty: anybody who is somebody
	Text   string
}

// Rest is the handler of everything below Prefix, and what describes it.
type Rest struct {
	http.Handler
	api    huma.API
	routes []Route
}

// Routes are all paths.
func (r *Rest) Routes() []Route { return r.routes }

// OpenAPI is the description, as YAML.
func (r *Rest) OpenAPI() ([]byte, error) { return r.api.OpenAPI().YAML() }

// New makes it.
func New(o Options) (*Rest, error) {
	s := &server{Options: o, log: o.Log}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	mux := http.NewServeMux()
	s.api = humago.New(mux, described())
	s.people()
	s.tickets()
	s.hands()
	s.findings()
	s.runs()
	s.letters()
	s.enforcing()
	s.oncall()
	s.pages()
	s.knowledge()
	s.govern()
	s.webhooks()
	if o.Events != nil {
		s.events(mux)
	}
	r := &Rest{api: s.api, routes: s.routes}
	text, err := r.OpenAPI()
	if err != nil {
		return nil, err
	}
	mux.HandleFunc("GET "+textPath, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/yaml")
		_, _ = w.Write(text) // the caller has gone: there is nobody left to tell
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		auth.Refuse(w, r, http.StatusNotFound, "there is nothing at "+r.URL.Path+" for "+r.Method+": "+textPath+" lists what there is")
	})
	r.Handler = tagged(s.once(mux))
	return r, nil
}

// asked is a request whose visitor is known and may do something of the kind.
type asked[I any] struct {
	in  *I
	who auth.Visitor
	now time.Time
}

// answer is what is sent back.
type answer[O any] struct {
	ETag string `header:"ETag"`
	Body O
}

// route adds a path. do runs only for those who may do the verb to something; what it is about it looks at itself.
func route[I, O any](s *server, r Route, do func(ctx context.Context, a asked[I]) (*answer[O], error)) {
	s.routes = append(s.routes, r)
	op := huma.Operation{
		OperationID: r.ID, Method: r.Method, Path: r.Path, Summary: r.Text, DefaultStatus: http.StatusOK, MaxBodyBytes: maxBody,
		Middlewares: huma.Middlewares{s.need(r.Verb)}, Security: []map[string][]string{{"token": {}}, {"session": {}}},
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable},
	}
	if r.Verb != "" {
		op.Description = "Takes the right to " + string(r.Verb) + "."
	}
	huma.Register(s.api, op, func(ctx context.Context, in *I) (*answer[O], error) {
		v, _ := auth.Of(ctx)
		out, err := do(ctx, asked[I]{in, v, s.Now()})
		return out, s.problem(err)
	})
}

const maxBody = 64 << 10

// need turns those away who may not, before anything else of the request is read.
func (s *server) need(verb auth.Verb) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(ctx)
		v, ok := auth.Of(ctx.Context())
		switch {
		case !ok:
			w.Header().Set("WWW-Authenticate", `Bearer realm="jobzero"`)
			auth.Refuse(w, r, http.StatusUnauthorized, "sign in first, or show a token: Authorization: Bearer …")
		case verb != "" && !v.Somewhere(verb):
			auth.Refuse(w, r, http.StatusForbidden, "this takes the right to "+string(verb)+", which you do not have")
		default:
			next(ctx)
		}
	}
}

// plainGet and plainPost keep the routes one a line.
func plainGet(id, path string, verb auth.Verb, text string) Route {
	return Route{id, http.MethodGet, Prefix + path, verb, text}
}

func plainPost(id, path string, verb auth.Verb, text string) Route {
	return Route{id, http.MethodPost, Prefix + path, verb, text}
}
