package org

// Example is an org.yaml that shows every key. The manual prints it and a test reads it.
func Example() string { return example }

const example = `# Who answers for what. The strongest rule counts: pattern, service, tag "owner", account, unit (going up), default.
environments: [prod, test]

people:
  - {id: alex, name: Alex Example, email: alex@example.com}
  - {id: kim, name: Kim Example, email: kim@example.com, manager: alex}
  - {id: robin, name: Robin Example, email: robin@example.com, manager: kim}

teams:
  - name: platform
    lead: alex
    members: [alex]
    contact: platform@example.com
  - name: shop
    lead: kim
    members: [kim, robin]
    contact: "#shop"

units:
  - {name: root, owner: platform}
  - {name: retail, parent: root, owner: shop}

accounts:
  - {id: "111122223333", name: shop-prod, unit: retail, environment: prod, owner: shop, tags: {data: personal}}
  - {id: "444455556666", name: sandbox, unit: root, environment: test}

services:
  - name: checkout
    owner: shop
    accounts: [shop-prod]                # IDs or names; left out: any account
    resources:                           # one of these must match …
      - {type: "AWS::S3::Bucket", id: "checkout-*"}
    tags: {service: checkout}            # … or all of these tags

patterns:                                # the first that matches counts
  - {path: "role/platform/*", team: platform}
  - {account: "444455556666", type: "AWS::EC2::*", team: platform}

# Programs that change things, known by whom they sign in as and never by what they say of themselves.
tools:
  - name: deploy-pipeline
    principals: ["arn:aws:iam::*:role/deploy-pipeline"]   # *: any account of this file
    actions: ["s3:Put*", "cloudformation:*", "lambda:UpdateFunctionCode*"]
    accounts: [shop-prod]                # IDs or names; left out: everywhere
    owner: platform

# Changes that were approved: who may do what where, and from when until when.
changes:
  - id: CHG-1042
    reason: Open the shop's bucket to the new content network.
    principals: ["arn:aws:iam::111122223333:role/network-admin"]
    actions: ["s3:PutBucketPolicy"]
    accounts: [shop-prod]
    resources: ["arn:aws:s3:::shop-website-*"]
    from: 2026-11-21T20:00:00Z
    until: 2026-11-21T23:00:00Z
    owner: shop
    approved_by: alex

default: platform
`
