package scim

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"jobzero/internal/principal/person"
	"jobzero/internal/telemetry"
)

// maxBody bounds a request. A directory sends a group with thousands of new members in less.
const maxBody = 1 << 20

// Prefix is where the door is.
const Prefix = "/scim/v2"

// Store keeps what directories tell.
type Store interface {
	Update(ctx context.Context, f func(Tx) error) error
	View(ctx context.Context, f func(Tx) error) error
}

// Tx is one transaction on the store.
type Tx interface {
	people
	circles
}

type people interface {
	Person(ctx context.Context, id person.ID) (person.Person, error)
	PersonNamed(ctx context.Context, userName string) (person.Person, error)
	PeopleOutside(ctx context.Context, external string) ([]person.Person, error)
	People(ctx context.Context, after person.ID, gone bool, limit int) ([]person.Person, error)
	PeopleFrom(ctx context.Context, skip, limit int) (page []person.Person, all int, err error)
	SavePerson(ctx context.Context, p person.Person, e person.Entry) error
}

type circles interface {
	Group(ctx context.Context, id person.ID) (person.Group, error)
	GroupNamed(ctx context.Context, name string) (person.Group, error)
	Groups(ctx context.Context, after person.ID, limit int) ([]person.Group, error)
	GroupsFrom(ctx context.Context, skip, limit int) (page []person.Group, all int, err error)
	GroupsOf(ctx context.Context, member person.ID) ([]person.Group, error)
	SaveGroup(ctx context.Context, g person.Group, e person.Entry) error
	DropGroup(ctx context.Context, id person.ID, e person.Entry) error
	Members(ctx context.Context, group, after person.ID, limit int) ([]person.Member, error)
	AddMember(ctx context.Context, group person.ID, m person.Member) (bool, error)
	DropMember(ctx context.Context, group, member person.ID) (bool, error)
}

// Options are what New needs.
type Options struct {
	Store Store
	Token telemetry.Secret // what callers show; the empty one opens nothing
	NewID func() person.ID
	Now   func() time.Time
	Log   *slog.Logger // for what is our own fault; nil: discarded
}

type server struct {
	Options
	log   *slog.Logger
	token [sha256.Size]byte
}

// New makes the handler of everything below Prefix.
func New(o Options) http.Handler {
	s := &server{Options: o, log: o.Log, token: sha256.Sum256([]byte(o.Token.Reveal()))}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	mux := http.NewServeMux()
	s.discovery(mux)
	s.collection(mux, users{})
	s.collection(mux, groups{})
	mux.HandleFunc(Prefix+"/", func(w http.ResponseWriter, r *http.Request) {
		s.refuse(w, r, &refusal{http.StatusNotFound, "", "there is nothing at " + r.URL.Path})
	})
	for _, path := range []string{"POST " + Prefix + "/Bulk", Prefix + "/Me"} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			s.refuse(w, r, &refusal{http.StatusNotImplemented, "", "this is not offered: see /ServiceProviderConfig"})
		})
	}
	return s.guarded(mux)
}

// guarded lets in who shows the token. It compares digests, so that the time it takes says nothing about the token or its length.
func (s *server) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		sum := sha256.Sum256([]byte(strings.TrimSpace(token)))
		if same := subtle.ConstantTimeCompare(sum[:], s.token[:]) == 1; !same || !strings.EqualFold(kind, "Bearer") || s.Token == "" {
			w.Header().Set("WWW-Authenticate", `Bearer realm="scim"`)
			s.refuse(w, r, &refusal{http.StatusUnauthorized, "", "show the token of the settings: Authorization: Bearer …"})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, r)
	})
}

// collection serves the resources of one type.
func (s *server) collection(mux *http.ServeMux, c collection) {
	at := Prefix + c.shape().endpoint
	one := at + "/{id}"
	mux.HandleFunc("GET "+at, s.with(c, s.list))
	mux.HandleFunc("POST "+at+"/.search", s.with(c, s.search))
	mux.HandleFunc("POST "+at, s.with(c, s.create))
	mux.HandleFunc("GET "+one, s.with(c, s.show))
	mux.HandleFunc("PUT "+one, s.with(c, s.replace))
	mux.HandleFunc("PATCH "+one, s.with(c, s.patch))
	mux.HandleFunc("DELETE "+one, s.with(c, s.drop))
}

// call is one request as it is worked on.
type call struct {
	ctx  context.Context //nolint:containedctx // lives as long as the request
	r    *http.Request
	of   collection
	id   person.ID
	body []byte
	want wanted
	base string // URL of Prefix, as the caller reached it
	now  time.Time
	s    *server
}

// reply is what is answered: nothing but a status, or a body.
type reply struct {
	status  int
	body    any
	version int64  // 0: no ETag
	at      string // Location
}

func (s *server) with(c collection, do func(*call) (reply, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		k := &call{ctx: r.Context(), r: r, of: c, id: person.ID(r.PathValue("id")), base: base(r), now: s.Now().UTC(), s: s}
		var out reply
		err := k.prepare()
		if err == nil {
			out, err = do(k)
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		if out.version > 0 {
			w.Header().Set("ETag", tag(out.version))
		}
		if out.at != "" {
			w.Header().Set("Location", out.at)
		}
		if out.body == nil {
			w.WriteHeader(out.status)
			return
		}
		answer(w, out.status, out.body)
	}
}

// prepare reads what every request may have.
func (k *call) prepare() (err error) {
	q := k.r.URL.Query()
	if k.want, err = k.of.shape().wantedOf(q.Get("attributes"), q.Get("excludedAttributes")); err != nil {
		return err
	}
	if k.r.Method == http.MethodGet || k.r.Method == http.MethodHead || k.r.Method == http.MethodDelete {
		return nil
	}
	kind, _, err := mime.ParseMediaType(k.r.Header.Get("Content-Type"))
	if err == nil && kind != "application/scim+json" && kind != "application/json" {
		return &refusal{http.StatusUnsupportedMediaType, "", "want application/scim+json, not " + kind}
	}
	k.body, err = io.ReadAll(k.r.Body)
	return err
}

// resource reads the body as a resource.
func (k *call) resource() (map[string]any, error) {
	var in map[string]any
	if err := json.Unmarshal(k.body, &in); err != nil || in == nil {
		return nil, bad(invalidSyntax, "the body is no JSON object: %v", err)
	}
	return k.of.shape().settle(in)
}

// base is the URL that the caller used, as far as we see it.
func base(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") {
		scheme = "https"
	}
	return scheme + "://" + r.Host + Prefix
}

// location is the URL of a resource.
func (k *call) location(s *shape, id person.ID) string { return k.base + s.endpoint + "/" + string(id) }

// check holds the version against what the caller has seen (RFC 7232, 3.1): a change of what has moved on is refused.
func (k *call) check(version int64) error {
	seen := k.r.Header.Get("If-Match")
	if seen == "" || listed(seen, version) {
		return nil
	}
	return &refusal{http.StatusPreconditionFailed, "", "the resource is at version " + tag(version) + ", not at " + seen + ": read it again"}
}

func listed(header string, version int64) bool {
	for _, t := range strings.Split(header, ",") {
		if t = strings.TrimSpace(t); t == "*" || strings.TrimPrefix(t, "W/") == strings.TrimPrefix(tag(version), "W/") {
			return true
		}
	}
	return false
}
