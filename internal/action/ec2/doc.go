// Package ec2 closes security groups.
//
// It is: the EC2 actions.
// It takes: a security group and the ports that must not be open to everybody.
// It gives: the group without its open rules for those ports.
// Next door: inventory/ec2 reads what is changed here.
package ec2
