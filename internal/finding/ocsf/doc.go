// Package ocsf is a finding as other systems read it.
//
// It is: the view of a finding as a Detection Finding (class 2004) of the Open Cybersecurity Schema Framework.
// It takes: a finding, the event behind it, and what the rule says about itself.
// It gives: an object that marshals to JSON with the attributes of the schema (https://schema.ocsf.io/) and no others.
// Next door: finding holds the noun; cli writes the view.
package ocsf
