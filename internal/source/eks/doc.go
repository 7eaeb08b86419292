// Package eks reads the audit logs of Kubernetes clusters, as EKS writes them.
//
// It is: a reader of one JSON object for each stage of a request.
// It takes: objects as they come to a cluster's log group, and as streams bring them on from there.
// It gives: an event for each, with the user of the cluster, and the AWS principal behind it where EKS names one.
// Next door: line has the tools, logs opens it for files, objects and log groups.
package eks
