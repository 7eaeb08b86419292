// Package browser looks at the console as people do.
//
// It is: tests in headless Chromium over every page of the real house, on a real socket; and how long pages take when there is much.
// It takes: Chromium and npm, which brings axe-core; without them it says so and looks at nothing.
// It gives: a failing test where a page is not accessible, complains or is too heavy, and the pictures in docs/pictures.
// Next door: test/browser/seed makes the organisation up that is looked at.
package browser
