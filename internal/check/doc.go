// Package check holds what people mean to make against what is expected, before it is made.
//
// It is: the joint between the texts in a folder, the loaders of design and the expectations of expect.
// It takes: paths, and what is known of the place where it will all be made; no account and no network.
// It gives: one result for each expectation and resource, waivers counted, and what was passed over by name.
// Next door: cli shows the results; app judges what is live by the same expectations.
package check
