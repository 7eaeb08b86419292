package rest

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"jobzero/internal/auth"
)

// events is the path that tells of changes as they happen. It streams, so that it is described by hand.
func (s *server) events(mux *http.ServeMux) {
	r := Route{"watch", http.MethodGet, eventsPath, auth.Look, "What changes, as it does, as server-sent events"}
	s.routes = append(s.routes, r)
	mux.Handle("GET "+eventsPath, auth.Need(auth.Look, s.Events))
	text := &huma.Response{
		Description: "A stream of events: `change` with seq, kind and id; `reset` says to read everything again, because more changed than was kept for you.",
		Content:     map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: r.ID, Method: r.Method, Path: r.Path, Summary: r.Text, Description: "Takes the right to look.",
		Parameters: []*huma.Param{{Name: "Last-Event-ID", In: "header", Schema: &huma.Schema{Type: huma.TypeString}, Description: "The last event that was seen: what came after it is told first"}},
		Responses:  map[string]*huma.Response{"200": text}, Security: []map[string][]string{{"token": {}}, {"session": {}}},
	})
}
