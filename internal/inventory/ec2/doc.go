// Package ec2 reads security groups.
//
// It is: the EC2 readers, in the CloudFormation schema.
// It takes: a session that may only read, and a group's ID.
// It gives: a group with each rule's own ID beside it, and as related "interfaces" what the group protects.
// Next door: expect judges groups, action/ec2 closes them.
package ec2
