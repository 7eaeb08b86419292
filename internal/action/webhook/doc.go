// Package webhook posts to addresses that the settings name.
//
// It is: the action behind a playbook's webhook step, and the client that also carries messages to channels.
// It takes: the name of an address, and what a playbook says; never an address itself.
// It gives: a signed request, made once, and what was answered.
// Next door: notify sends through it; outward is how such actions are made.
package webhook
