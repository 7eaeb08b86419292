// Package webhook posts to addresses that the settings name.
//
// It is: the action behind a playbook's webhook step.
// It takes: the name of an address, and what a playbook says; never an address itself.
// It gives: one request an occasion, and what was answered.
// Next door: the room notify posts, through what app hands over; outward is how such actions are made.
package webhook
