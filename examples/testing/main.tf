# The notebooks of a team, with tests: tests/mocks.tftest.hcl needs nothing
# but Terraform, tests/simulator.tftest.hcl needs the simulator.
terraform {
  required_version = ">= 1.11"

  required_providers {
    modelarts = {
      source = "modelarts-community/modelarts"
    }
  }
}

provider "modelarts" {
  max_auto_stop = "12h"
}

variable "members" {
  type = set(string)
}

variable "running" {
  type    = bool
  default = true
}

data "modelarts_flavor" "small" {
  category = "CPU"
  arch     = "X86_64"
  storage  = "EVS"
}

data "modelarts_image" "team" {
  name_regex        = "^pytorch"
  arch              = data.modelarts_flavor.small.arch
  resource_category = data.modelarts_flavor.small.category
}

resource "modelarts_notebook" "team" {
  for_each = var.members

  name           = "vision-${each.key}"
  flavor         = data.modelarts_flavor.small.id
  image_id       = data.modelarts_image.team.id
  desired_status = var.running ? "RUNNING" : "STOPPED"

  volume {
    category = "EVS"
    capacity = 20
  }

  lease = {
    duration = "8h"
  }

  tags = {
    member = each.key
  }

  lifecycle {
    ignore_changes = [flavor, image_id]
  }
}

output "pages" {
  value = { for member, notebook in modelarts_notebook.team : member => notebook.url }
}
