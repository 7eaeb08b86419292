// Package notify tells people.
//
// It is: the action behind a playbook's notify step: an e-mail, or a channel that takes webhooks.
// It takes: a person or a team of the organisation file, the owner, or a channel of the settings; and what is to be said.
// It gives: one message an occasion, which says of which ticket it is, which playbook sends it, and why.
// Next door: the room notify carries it, through what app hands over; outward is how such actions are made.
package notify
