# Notebooks on SFS Turbo file systems: one that the service manages, and one
# of your own that two notebooks share.

terraform {
  required_providers {
    modelarts = {
      source = "modelarts-community/modelarts"
    }
  }
}

# Region and keys come from the environment.
provider "modelarts" {}

variable "pool_id" {
  description = "Dedicated resource pool, connected to the network of the file system"
  type        = string
}

variable "file_system" {
  description = "Your SFS Turbo file system: its ID and its share path"
  type        = object({ id = string, path = string })
}

# The service creates this file system, and deletes it with the notebook.
resource "modelarts_notebook" "managed" {
  name     = "managed"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"

  volume {
    category = "EFS"
    capacity = 100
  }

  lease = {
    duration = "8h"
  }
}

# This file system is yours. It stays when the notebooks are deleted.
resource "modelarts_notebook" "shared" {
  for_each = toset(["reader", "writer"])

  name     = each.key
  flavor   = "modelarts.pool.visual.2xlarge"
  image_id = "e1a07296-22a8-4f05-8bc8-e936c8e54090"
  pool_id  = var.pool_id

  volume {
    category  = "EFS"
    ownership = "DEDICATED"
    id        = var.file_system.id
    uri       = var.file_system.path
  }

  lease = {
    duration = "8h"
  }
}
