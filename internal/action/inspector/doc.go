// Package inspector turns Inspector on.
//
// It is: the Inspector action.
// It takes: an account and region.
// It gives: scans of machines, images and functions.
// Next door: inventory/inspector reads whether it scans.
package inspector
