// Package notice is what people are told, and what became of it.
//
// It is: the message, its delivery to one person by one channel after another, and what people press on it.
// It takes: what whoever has something to say gives, and what the channels answered, with the time as an argument.
// It gives: the noun by which pages, handoffs and approvals meet those who carry them.
// Next door: notify carries deliveries, store keeps them; oncall and playbook have something to say.
package notice
