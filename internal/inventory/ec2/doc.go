// Package ec2 reads security groups, and tells how traffic gets to machines and subnets.
//
// It is: the EC2 readers, in the CloudFormation schema.
// It takes: a session that may only read, and a group's ID.
// It gives: a group with each rule's own ID and the interfaces that it protects; of what others read, routes, access lists and attachments.
// Next door: expect judges groups, action/ec2 closes them.
package ec2
