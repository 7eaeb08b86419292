// Package subscription tells programs of others of what changes, by posts to addresses that they have given.
//
// It is: a subscription, its place in the one chain over everything, and the durable leg that takes it from there to the chain's end.
// It takes: what the chain has after a place, and a key from the settings that all secrets follow from.
// It gives: one signed post for each change, in the order of the chain, again under the same name until it is taken; and no more after days in vain.
// Next door: webhook signs and posts, store keeps the rows, app says more of what has changed; api and cli let admins subscribe.
package subscription
