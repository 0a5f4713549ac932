# One notebook for each member of a team, with the same lease and the same
# rules.

terraform {
  required_providers {
    modelarts = {
      source = "modelarts-community/modelarts"
    }
  }
}

# Region and keys come from the environment.
provider "modelarts" {
  default_tags = {
    team       = "vision"
    managed_by = "terraform"
  }

  # Rules for all notebooks of this configuration: a plan that breaks one
  # fails.
  max_auto_stop      = "12h"
  require_access_ips = true

  # The state is shared, so it does not contain the tokens.
  omit_token = true
}

variable "members" {
  description = "Members of the team by name, with the key pair and the public IP addresses of each"
  type = map(object({
    key_pair  = string
    addresses = set(string)
    flavor    = optional(string, "modelarts.vm.cpu.2u")
    disk      = optional(number, 20)
  }))
}

locals {
  lease = {
    duration = "10h"
  }
}

resource "modelarts_notebook" "member" {
  for_each = var.members

  name     = "vision-${each.key}"
  flavor   = each.value.flavor
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
  lease    = local.lease

  volume {
    category = "EVS"
    capacity = each.value.disk
  }

  endpoints = {
    SSH = {
      key_pair_names     = [each.value.key_pair]
      allowed_access_ips = each.value.addresses
    }
  }

  tags = {
    member = each.key
  }

  # A change of flavor, key pair or addresses may stop a running notebook.
  # No change may delete one.
  allow_stopping_for_update = true
  deletion_protection       = true
}

# What a member adds to ~/.ssh/config.
output "ssh_config" {
  value = {
    for name, notebook in modelarts_notebook.member : name => <<-EOT
      Host ${notebook.name}
        HostName ${notebook.ssh.host}
        Port ${notebook.ssh.port}
        User ${notebook.ssh.user}
        IdentityFile ~/.ssh/${var.members[name].key_pair}.pem
    EOT
    if notebook.ssh != null
  }
}
