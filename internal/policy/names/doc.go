// Package names is what AWS calls things in policies.
//
// It is: the services, their actions, resource types and condition keys, as of the day the table was made.
// It takes: nothing; the table is embedded and read when it is first asked.
// It gives: whether there is such a name, which resources an action is about, and what kind of value a key has.
// Next door: policy/lint holds policies against it, policy/trail finds the resources of a call with it.
//
// The facts are those of AWS's Service Authorization Reference (docs.aws.amazon.com/service-authorization/latest/reference).
package names
