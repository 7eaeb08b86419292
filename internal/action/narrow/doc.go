// Package narrow puts a smaller policy in the place of a wide one, wherever it stands.
//
// It is: the parts that such actions have in common, from the plan to the undo.
// It takes: the text that is there, the smaller one, and the place where they stand.
// It gives: a plan that is refused unless the new text surely allows no more than the old one; the old text back.
// Next door: iam, sso and organizations know the places; policy says what is narrower.
package narrow
