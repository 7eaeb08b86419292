package rest

import (
	"encoding/json"
	"path"
	"reflect"
	"strings"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
)

// described is the frame of the description. There is no page that would load scripts from elsewhere: the text is served, and that is all.
func described() huma.Config {
	c := huma.DefaultConfig("jobzero", "v1")
	c.OpenAPIPath, c.DocsPath, c.SchemasPath, c.CreateHooks = "", "", "", nil
	c.RejectUnknownQueryParameters = true // a mistyped filter would otherwise show everything
	c.Info.Description = "What jobzero knows and does, for programs. Errors are problem+json (RFC 9457). A list gives `next` where there is more: " +
		"send it as `after`. Writes take If-Match with the ETag that was read, and Idempotency-Key: the same again has the same answer for a day."
	registry := huma.NewMapRegistry("#/components/schemas/", named)
	registry.RegisterTypeAlias(reflect.TypeFor[json.RawMessage](), reflect.TypeFor[any]())
	c.Components = &huma.Components{Schemas: registry, SecuritySchemes: map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "A service token: jobzero token create."},
		"session": {Type: "apiKey", In: "cookie", Name: "__Host-jobzero", Description: "A session of the console; jobzero where the door has no TLS."},
	}}
	return c
}

// named is a type's name with its package, because rooms have nouns of the same name.
func named(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := huma.DefaultSchemaNamer(t, hint)
	pkg := path.Base(t.PkgPath())
	if pkg == "." || pkg == "rest" || pkg == "v2" || strings.EqualFold(pkg, name) {
		return name
	}
	r := []rune(pkg)
	r[0] = unicode.ToUpper(r[0])
	return string(r) + name
}
