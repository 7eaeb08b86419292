// Package builtin is the one list of all channels.
//
// It is: the settings of all channels, and the channels that follow from them.
// It takes: the part notify of the settings, and the webhooks that there are.
// It gives: the channels for notify, in the order in which they are tried where a person says nothing else.
// Next door: config reads it, app builds the channels from it.
package builtin
