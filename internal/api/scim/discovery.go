package scim

import (
	"net/http"
	"strings"
)

const (
	configSchema  = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	typeSchema    = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
	schemasSchema = "urn:ietf:params:scim:schemas:core:2.0:Schema"
)

// discovery serves what we can do (RFC 7644, 4).
func (s *server) discovery(mux *http.ServeMux) {
	mux.HandleFunc("GET "+Prefix+"/ServiceProviderConfig", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusOK, serviceConfig(base(r)))
	})
	s.described(mux, "/ResourceTypes", resourceTypes)
	s.described(mux, "/Schemas", schemas)
}

// described serves a list of descriptions, and each by its ID.
func (s *server) described(mux *http.ServeMux, path string, list func(base string) []map[string]any) {
	mux.HandleFunc("GET "+Prefix+path, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("filter") {
			s.refuse(w, r, &refusal{http.StatusForbidden, "", "descriptions cannot be filtered"})
			return
		}
		all := list(base(r))
		answer(w, http.StatusOK, map[string]any{
			"schemas": []string{listSchema}, "totalResults": len(all), "startIndex": 1, "itemsPerPage": len(all), "Resources": all,
		})
	})
	mux.HandleFunc("GET "+Prefix+path+"/{id}", func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		for _, one := range list(base(r)) {
			if name, _ := one["id"].(string); strings.EqualFold(name, id) {
				answer(w, http.StatusOK, one)
				return
			}
		}
		s.refuse(w, r, &refusal{http.StatusNotFound, "", id + " does not exist"})
	})
}

func serviceConfig(base string) map[string]any {
	can := func(yes bool) map[string]any { return map[string]any{"supported": yes} }
	return map[string]any{
		"schemas": []string{configSchema},
		"patch":   can(true), "sort": can(true), "etag": can(true), "changePassword": can(false),
		"bulk":   map[string]any{"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
		"filter": map[string]any{"supported": true, "maxResults": largest},
		"authenticationSchemes": []any{map[string]any{
			"type": "oauthbearertoken", "name": "Bearer token", "description": "The token of the settings, in the header Authorization", "primary": true,
		}},
		"meta": map[string]any{"resourceType": "ServiceProviderConfig", "location": base + "/ServiceProviderConfig"},
	}
}

func shapes() []*shape { return []*shape{userShape(), groupShape()} }

func resourceTypes(base string) (out []map[string]any) {
	for _, s := range shapes() {
		more := []any{}
		for _, e := range s.extensions {
			more = append(more, map[string]any{"schema": e.id, "required": false})
		}
		out = append(out, map[string]any{
			"schemas": []string{typeSchema}, "id": s.name, "name": s.name, "endpoint": s.endpoint, "description": s.core.about,
			"schema": s.core.id, "schemaExtensions": more,
			"meta": map[string]any{"resourceType": "ResourceType", "location": base + "/ResourceTypes/" + s.name},
		})
	}
	return out
}

func schemas(base string) (out []map[string]any) {
	for _, s := range shapes() {
		for _, c := range append([]schema{s.core}, s.extensions...) {
			out = append(out, map[string]any{
				"schemas": []string{schemasSchema}, "id": c.id, "name": c.name, "description": c.about, "attributes": described(c.attributes),
				"meta": map[string]any{"resourceType": "Schema", "location": base + "/Schemas/" + c.id},
			})
		}
	}
	return out
}

func described(list []attribute) []any {
	out := []any{}
	for _, a := range list {
		if named(common(), a.name) != nil && a.name != "externalId" { // those that every resource has stand in no schema
			continue
		}
		m := map[string]any{
			"name": a.name, "type": "string", "multiValued": a.multi, "required": a.required, "caseExact": a.exact,
			"mutability": "readWrite", "returned": "default", "uniqueness": "none",
		}
		if a.kind != text {
			m["type"] = string(a.kind)
		}
		if a.readOnly {
			m["mutability"] = "readOnly"
		}
		if a.unique {
			m["uniqueness"] = "server"
		}
		if a.kind == complexes {
			m["subAttributes"] = described(a.sub)
		}
		out = append(out, m)
	}
	return out
}
