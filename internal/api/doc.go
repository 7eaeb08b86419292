// Package api is the door for machines.
//
// It is: a small HTTP server with the pages that a supervisor and Prometheus ask for, and the way in for directories of people.
// It takes: an address, checks that say whether a part answers, and the handlers of the measures and of people.
// It gives: /healthz, /readyz, /metrics, /scim/v2 and a short index.
// Next door: app builds it; telemetry makes the page of measures.
package api
