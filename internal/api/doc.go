// Package api is the door for machines.
//
// It is: a small HTTP server with the pages that a supervisor and Prometheus ask for.
// It takes: an address, checks that say whether a part answers, and the handler of the measures.
// It gives: /healthz, /readyz, /metrics and a short index.
// Next door: app builds it; telemetry makes the page of measures.
package api
