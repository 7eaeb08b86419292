// Package source finds where what exists is written as code, and the change that its text needs.
//
// It is: the way from a live resource that keeps being put back wrong to the file and line that does it.
// It takes: the resource, the expectation that it does not meet, and the templates and Terraform that the settings name.
// It gives: what manages it, where it is written, and a patch that a check has proved; or what to write, and why there is no patch.
// Next door: check mends and proves; app puts what is found on the ticket and tells its owner.
package source
