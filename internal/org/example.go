package org

// Example is an org.yaml that shows every key. The manual prints it and a test reads it.
func Example() string {
	return `# Who answers for what. The strongest rule counts: pattern, service, tag "owner", account, unit (going up), default.
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

default: platform
`
}
