// Package principal is who can act.
//
// It is: policy documents and ARNs, read without loss, and what a policy says about who is let in.
// It takes: the exact text of a policy; nothing here reads or calls anything.
// It gives: statements that can be judged and removed one by one.
// Next door: expect judges policies, action cuts them.
package principal
