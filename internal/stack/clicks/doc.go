// Package clicks is what people changed by hand in the console, and where it belongs.
//
// It is: the changes of a ledger that were made in the console, each with its alternative as code.
// It takes: a view of a ledger, an organisation that says who owns what, and templates and Terraform where there are some.
// It gives: by team and person what was changed, the type and property or attribute to change instead, and the file and line of it.
// Next door: access/ledger is who did what, check reads the texts; content/rules has the finding of the same.
package clicks
