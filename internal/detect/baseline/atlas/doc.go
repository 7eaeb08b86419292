// Package atlas says where addresses are, from files that the user has.
//
// It is: the Locator of detect/baseline for databases in the MaxMind format; nobody is asked over a network.
// It takes: .mmdb files of places and of networks (https://maxmind.github.io/MaxMind-DB/).
// It gives: place, network and how exact that is, or that it is not known.
// Next door: detect/baseline asks it where a principal is.
package atlas
