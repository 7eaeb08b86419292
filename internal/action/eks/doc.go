// Package eks takes clusters off the Internet.
//
// It is: the EKS actions.
// It takes: a cluster.
// It gives: a cluster whose API only its own network reaches.
// Next door: inventory reads clusters through Cloud Control; action/setting does the work.
package eks
