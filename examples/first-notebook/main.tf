# A notebook with the smallest CPU flavor, the newest preset PyTorch image
# and a disk of 10 GB. It stops automatically two hours after each start.

terraform {
  required_providers {
    modelarts = {
      source = "modelarts-community/modelarts"
    }
  }
}

# Region and keys come from the environment. The token of the notebook stays
# out of the state.
provider "modelarts" {
  omit_token = true
}

variable "key_pair" {
  description = "Name of your key pair"
  type        = string
}

variable "address" {
  description = "Public IP address that may connect over SSH: yours"
  type        = string
}

variable "browser" {
  description = "Command that opens a link: xdg-open on Linux, open on macOS"
  type        = string
  default     = "xdg-open"
}

data "modelarts_flavor" "small" {
  category = "CPU"
  arch     = "X86_64"
  storage  = "EVS"
}

data "modelarts_image" "pytorch" {
  name_regex        = "^pytorch"
  arch              = data.modelarts_flavor.small.arch
  resource_category = data.modelarts_flavor.small.category
}

resource "modelarts_notebook" "first" {
  name     = "first"
  flavor   = data.modelarts_flavor.small.id
  image_id = data.modelarts_image.pytorch.id

  volume {
    category = "EVS"
    capacity = 10
  }

  lease = {
    duration = "2h"
  }

  endpoints = {
    SSH = {
      key_pair_names     = [var.key_pair]
      allowed_access_ips = [var.address]
    }
  }

  # Flavor and image are chosen once, when the notebook is created.
  lifecycle {
    ignore_changes = [flavor, image_id]
  }
}

# The web page with its token, read anew in each run and never stored.
ephemeral "modelarts_notebook_access" "first" {
  notebook_id       = modelarts_notebook.first.id
  allow_not_running = true
}

# Opens the page after the create. To open it again: terraform apply
# -replace=terraform_data.page
resource "terraform_data" "page" {
  input = modelarts_notebook.first.id

  provisioner "local-exec" {
    command = "test -z \"$LINK\" || ${var.browser} \"$LINK\""

    environment = {
      LINK = ephemeral.modelarts_notebook_access.first.link
    }
  }
}

output "stops_at" {
  value = modelarts_notebook.first.stops_at
}

output "ssh" {
  value = modelarts_notebook.first.ssh == null ? null : join(" ", [
    "ssh -i ~/.ssh/${var.key_pair}.pem -p", modelarts_notebook.first.ssh.port,
    "${modelarts_notebook.first.ssh.user}@${modelarts_notebook.first.ssh.host}",
  ])
}
