// Package org is who answers for what, and what is meant to be public.
//
// It is: the organisation as its own people wrote it down (org.yaml), and their approved exceptions (intent.yaml).
// It takes: text; nothing here asks AWS, and a tag can never grant what the files do not.
// It gives: the owner of a resource, a person's chain of command, and whether a bucket may be public today.
// Next door: expect and playbook ask for intent, triage asks for owners.
package org
