// Package ask is what expressions may ask of an estate: access.can, access.whoCan, access.exposure and access.reach.
//
// It is: a variable for expressions, and the functions that are asked of it.
// It takes: an estate of which all is read.
// It gives: what package expr declares and evaluates; what is not certain is unknown there, and says what it hangs on.
// Next door: expr evaluates; estate and reach know the answers; expect and whoever lets people write conditions declares it.
package ask
