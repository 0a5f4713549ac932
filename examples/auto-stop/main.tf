# Rules for the automatic stop: for the notebooks of this configuration, and
# a check of all others.

terraform {
  required_providers {
    modelarts = {
      source = "modelarts-community/modelarts"
    }
  }
}

# Region and keys come from the environment.
provider "modelarts" {
  # The plan of a notebook without lease, or with a longer one, fails.
  require_auto_stop = true
  max_auto_stop     = "12h"
}

resource "modelarts_notebook" "training" {
  name     = "training"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EVS"
  }

  lease = {
    duration = "10h"
  }
}

# Running notebooks, also those that were created elsewhere. With "all",
# those of all users, which needs the permission
# modelarts:notebook:listAllNotebooks.
data "modelarts_notebooks" "running" {
  all    = true
  status = "RUNNING"
}

# Warns in each plan and apply.
check "no_notebook_without_lease" {
  assert {
    condition = alltrue([for n in data.modelarts_notebooks.running.notebooks : n.lease.enabled != false])
    error_message = "These notebooks never stop automatically: ${join(", ", [
      for n in data.modelarts_notebooks.running.notebooks : "${n.name} (${n.id})" if n.lease.enabled == false
    ])}"
  }
}
