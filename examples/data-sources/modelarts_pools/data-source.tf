# The account's own resource pools.
data "modelarts_pools" "own" {}

# Pools in which notebooks can be created, each with its flavors.
output "pools" {
  value = { for p in data.modelarts_pools.own.pools : p.id => p.flavors[*].id if p.status == "ACTIVE" }
}
