package main

import (
	"net/http"

	"jobzero/internal/api/rest"
)

// openAPI is the description of what programs ask.
func openAPI() (string, error) {
	r, err := rest.New(rest.Options{Events: http.NotFoundHandler()})
	if err != nil {
		return "", err
	}
	text, err := r.OpenAPI()
	return string(text), err
}
