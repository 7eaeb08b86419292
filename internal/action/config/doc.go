// Package config starts recorders of AWS Config.
//
// It is: the action on AWS Config.
// It takes: an account and region with a recorder that is stopped.
// It gives: a recorder that records.
// Next door: inventory/config reads whether one does.
package config
