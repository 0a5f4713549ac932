# Two notebooks: one with a disk of its own and a mounted file system, one
# on a shared file system. "make demo" applies, changes and destroys them on
# the simulator. On the real service they cost money.

terraform {
  required_providers {
    modelarts = {
      source = "modelarts-community/modelarts"
    }
  }
}

# Region, keys and endpoints come from the environment.
provider "modelarts" {
  default_tags = {
    project = "demo"
  }
}

resource "modelarts_notebook" "training" {
  name        = "training"
  description = "Training, with a disk of its own"
  flavor      = var.training_flavor
  image_id    = var.image_id

  volume {
    category = "EVS"
    capacity = var.training_disk
  }

  # It stops automatically eight hours after each start.
  lease = {
    duration = "8h"
  }

  endpoints = {
    SSH = {
      key_pair_names     = ["demo"]
      allowed_access_ips = ["203.0.113.7", "198.51.100.20"]
    }
  }

  hooks = {
    post_start = {
      content = <<-EOT
        #!/bin/bash
        pip install --user --quiet pandas
      EOT
      mode    = "ASYNC"
    }
  }

  tags = {
    team = "vision"
  }

  # Changing the flavor stops the notebook and starts it again. This
  # requires consent.
  allow_stopping_for_update = var.consent
  deletion_protection       = var.protected
}

# A parallel file system, mounted below /data/ of the running notebook. The
# service drops mounts at a stop.
resource "modelarts_notebook_storage" "lake" {
  notebook_id    = modelarts_notebook.training.id
  category       = "OBSFS"
  uri            = "obs://lake/images/"
  mount_path     = "/data/images/"
  start_notebook = true # a destroy may find it stopped
}

resource "modelarts_notebook" "shared" {
  name     = "shared"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = var.image_id

  volume {
    category = "EFS"
  }

  # It never stops automatically. If it was stopped, the next apply starts
  # it again.
  lease = {
    enabled = false
  }
  desired_status = "RUNNING"
}

resource "modelarts_notebook" "spare" {
  count    = var.spare ? 1 : 0
  name     = "spare"
  flavor   = "modelarts.vm.cpu.2u"
  image_id = var.image_id

  volume {
    category = "EVS"
  }

  lease = {
    duration = "2h"
  }
}
