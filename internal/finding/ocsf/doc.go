// Package ocsf is a finding as other systems read it.
//
// It is: the view of a finding as one of the findings (classes 2002, 2003, 2004 and 2006) of the Open Cybersecurity Schema Framework.
// It takes: a finding, the event behind it, and what the rule says about itself; or a finding that was imported.
// It gives: an object that marshals to JSON with the attributes of the schema (https://schema.ocsf.io/) and no others.
// Next door: finding holds the noun; source writes down what the classes need; cli writes the view.
package ocsf
