# The account's own resource pools.
data "modelarts_pools" "own" {}

# Those that notebooks can be created in, each with its flavors.
output "pools" {
  value = { for p in data.modelarts_pools.own.pools : p.id => p.flavors[*].id if p.status == "ACTIVE" }
}
