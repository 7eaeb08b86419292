// Package ocsf is an event as other systems read it.
//
// It is: the view of an event as one of six classes of the Open Cybersecurity Schema Framework (https://schema.ocsf.io).
// It takes: an event of any log; what the class has no place for goes to unmapped, so that nothing is lost.
// It gives: a struct that marshals to JSON with the attributes of its class and profiles and no others.
// Next door: source makes events; finding/ocsf uses the objects for evidence; lake and cli write the views.
package ocsf
