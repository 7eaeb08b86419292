// Package oidc signs people in at a real provider of OpenID Connect, through the whole house.
//
// It is: tests that run the npm package oidc-provider as a process and fill in its pages as a browser would.
// It takes: bin/oidc, which `make oidc` brings.
// It gives: proof that signing in works with a provider that nobody here wrote.
// Next door: internal/auth.
package oidc
