// Package webhook posts to addresses that the settings name.
//
// It is: signed requests as Standard Webhooks has them, to no address that settings do not allow.
// It takes: the name of an address and what is to be said; never an address itself.
// It gives: what was answered, and what was refused for good apart from what may be tried again.
// Next door: notify carries deliveries by it; action/webhook and action/notify are handed it by app.
package webhook
