// Package report is what anybody has said is wrong.
//
// It is: a person's own words, with a name or without, the code by which whoever said it follows it, and files beside it.
// It takes: texts and files of strangers, with the time as an argument.
// It gives: the noun behind a ticket, cut to its limits, with nothing in it that would tell who said it where they did not want to.
// Next door: ticket is what is settled; app opens one for each report; store keeps both.
package report
