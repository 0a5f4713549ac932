# A notebook in a dedicated resource pool, with a size of its own in place
# of a flavor.

terraform {
  required_providers {
    modelarts = {
      source = "modelarts-community/modelarts"
    }
  }
}

# Region and keys come from the environment.
provider "modelarts" {}

# The account's own pools in which notebooks can be created.
data "modelarts_pools" "own" {}

locals {
  pools = [for p in data.modelarts_pools.own.pools : p.id if p.status == "ACTIVE"]
}

resource "modelarts_notebook" "pooled" {
  name     = "pooled"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
  pool_id  = local.pools[0]

  custom_spec = {
    cpu    = 2.5
    memory = 8192
  }

  volume {
    category = "EVS"
    capacity = 50
  }

  lease = {
    duration = "8h"
  }

  # Consent to a stop and a start for another size.
  allow_stopping_for_update = true

  # A change of the pool replaces the notebook, so the pool is chosen only
  # once.
  lifecycle {
    ignore_changes = [pool_id]
  }
}
